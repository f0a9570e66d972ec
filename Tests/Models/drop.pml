/* What a full queue does under `drop_new` and `drop_old` (Stepper.keep, QueueWriter.makeRoom, publish): two writers, each
 * of which puts a batch that is larger than the queue and may be killed at any instant; the scavenger, which carries an
 * armed step out once more; a reader. An update of the cell is one step.
 *
 * Checked: every item of a step that has happened is in the queue, was taken, or is counted as dropped, once; under
 * drop_old the newest item of the last step is the one that stays.
 * Seen to fail: with -DBY_TAIL_ALONE (a step that drops everything moves no tail, and is taken for one that has not
 * happened), with -DKEEP_THE_FIRST (of a batch), with -DNO_LOCK (the writers' lock is not taken), with -DBROKEN_FIRST
 * (the lock of the dead is freed before its step is carried out). */

#define BATCH 2
#define CAPACITY 1

bit dropsOld;                     /* the policy */
byte lock;                        /* the writers': who has it, 0: nobody */
/* The queue's state. */
byte tail;                        /* items that were published */
byte untaken;
byte newest;                      /* which item was published last */
byte puts, takes, droppedNew, droppedOld;
/* A step, as the writer's entry has it. */
bit armed[3];
byte kept[3], dropped[3], oldTail[3], dropMark[3], last[3];
bit killed[3];
bit ended[3];
byte happened;                    /* items of steps that were armed */
byte latest;                      /* the last item of the step that was armed last */

#define mark (droppedNew + droppedOld)

inline carryOut(who) {
  d_step {
    if
#ifndef BY_TAIL_ALONE
    :: tail == oldTail[who] && mark == dropMark[who] ->
#else
    :: tail == oldTail[who] ->
#endif
       tail = tail + kept[who];
       untaken = untaken + kept[who];
       puts = puts + kept[who];
       if :: kept[who] > 0 -> newest = last[who] :: else fi;
       if
       :: dropsOld -> puts = puts + dropped[who]; droppedOld = droppedOld + dropped[who]
       :: else -> droppedNew = droppedNew + dropped[who]
       fi
    :: else
    fi
  }
}

/* Two items: 2 * me - 1 and 2 * me. */
proctype writer(byte me) {
  {
#ifndef NO_LOCK
    atomic { lock == 0 -> lock = me };
#endif
    d_step {
      if
      :: dropsOld ->
         /* The newest of the batch; all that is older goes. */
         droppedOld = droppedOld + untaken; untaken = 0;
         kept[me] = CAPACITY
      :: else -> kept[me] = CAPACITY - untaken
      fi;
      dropped[me] = BATCH - kept[me]
    };
    d_step {
      oldTail[me] = tail; dropMark[me] = mark;
#ifdef KEEP_THE_FIRST
      last[me] = 2 * me - 1
#else
      last[me] = (dropsOld -> 2 * me : 2 * me - 1)
#endif
    };
    d_step { armed[me] = 1; happened = happened + BATCH; latest = 2 * me };
    carryOut(me);
    armed[me] = 0;
    lock = 0
  } unless { killed[me] };
  ended[me] = 1
}

proctype reader() {
  do
  :: d_step { untaken > 0 -> untaken--; takes++ }
  :: break
  od
}

proctype killer() { if :: killed[1] = 1 :: killed[2] = 1 :: skip fi }

proctype scavenger() {
  byte left = 2, dead;
  do
  :: left > 0 ->
     atomic { if :: ended[1] -> dead = 1 :: ended[2] -> dead = 2 fi; ended[dead] = 0 };
#ifdef BROKEN_FIRST
     if :: lock == dead -> lock = 0 :: else fi;
#endif
     if :: armed[dead] -> carryOut(dead); armed[dead] = 0 :: else fi;
     if :: lock == dead -> lock = 0 :: else fi;
     left--
  :: else -> break
  od;
  assert(puts == takes + droppedOld + untaken);
  assert(puts + droppedNew == happened);
  assert(!dropsOld || latest == 0 || newest == latest)
}

init {
  if :: dropsOld = 1 :: dropsOld = 0 fi;
  atomic { run writer(1); run writer(2); run reader(); run killer(); run scavenger() }
}
