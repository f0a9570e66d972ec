/* The end of a queue's stream (QueueState, QueueReader.take and advance, Arena.endForGood): a writer, a reader, and a
 * reader that also writes the queue, each with deaths at any instant. An update of a cell is one step: lock.pml shows
 * that; so is what the worker's redo record completes.
 *
 * Checked: a reader that sees the end sees it when nothing can come any more; every item is finished once somebody who
 * may read lives on; every reader that lives sees the end.
 * Seen to fail: with -DEND_BESIDE_LEASES (the end is seen while an item is taken elsewhere), with -DNO_QUIESCENCE (no
 * end where all who could write wait to read), with -DNO_WAKE_AT_END. */

#define WRITER 1
#define READER 2
#define MEMBER 3                  /* reads, and answers the first item with another one */
#define WORKERS 3
#define ITEMS 1

byte untaken, outstanding, orphans, puts, finished;
bit lease[WORKERS + 1];
bit waiting[WORKERS + 1];
byte waitingMembers, sleeping;
byte liveWriters = 2;             /* the writer and the member */
bit isClosed;

bit changed[WORKERS + 1];         /* the word that readers sleep on, since each looked at it under the lock */
bit asleep[WORKERS + 1];
bit killed[WORKERS + 1];
bit ended[WORKERS + 1];
bit armed[WORKERS + 1];           /* the redo record */
bit hasAnswer;                    /* in it: an item that is not published yet */
bit endSeen;

#ifdef END_BESIDE_LEASES
#define isDrained (untaken == 0)
#else
#define isDrained (untaken == 0 && outstanding == 0)
#endif

#ifdef NO_QUIESCENCE
#define closeIfQuiescent() skip
#else
inline closeIfQuiescent() {
  if
  :: !isClosed && isDrained && liveWriters > 0 && waitingMembers >= liveWriters -> isClosed = 1
  :: else
  fi
}
#endif

/* Into `wakes`: 0, 1, or all (2). */
inline readersToWake() {
  wakes = 0;
  if
  :: sleeping == 0
  :: sleeping > 0 && isClosed && isDrained -> sleeping = 0; wakes = 2
  :: sleeping > 0 && !(isClosed && isDrained) && (untaken > 0 || orphans > 0) -> sleeping--; wakes = 1
  :: else
  fi
}

inline bump() { d_step { changed[READER] = 1; changed[MEMBER] = 1 } }

inline wakeReaders() {
  if
  :: wakes > 0 ->
     bump();
     atomic {
       if
       :: wakes == 2 -> asleep[READER] = 0; asleep[MEMBER] = 0
       :: wakes == 1 && asleep[READER] -> asleep[READER] = 0
       :: wakes == 1 && asleep[MEMBER] -> asleep[MEMBER] = 0
       :: else
       fi
     }
  :: else
  fi
}

inline stopWaiting(who) {
  if
  :: waiting[who] -> waiting[who] = 0; waitingMembers--
  :: else
  fi
}

inline take(willSleep) {
  d_step {
    wakes = 0;
    if
    :: hasSlept && !changed[me] && sleeping > 0 -> sleeping--
    :: else
    fi;
    hasSlept = 0;
    stopWaiting(me);
    if
    :: orphans > 0 -> orphans--; lease[me] = 1; readersToWake()
    :: orphans == 0 && untaken > 0 -> untaken--; outstanding++; lease[me] = 1; readersToWake()
    :: else ->
       if
       :: willSleep && !(isClosed && isDrained) ->
          sleeping++;
          if
          :: me == MEMBER -> waiting[me] = 1; waitingMembers++; closeIfQuiescent()
          :: else
          fi
       :: else
       fi;
       if
       :: isClosed && isDrained -> seesEnd = 1; endSeen = 1; readersToWake()
       :: else -> changed[me] = 0
       fi
    fi;
    assert(!lease[me] || !endSeen)
  };
  wakeReaders()
}

inline publish() {
  d_step { untaken++; puts++; assert(!endSeen); readersToWake() };
  wakeReaders()
}

/* Repeatable: the scavenger does it again. */
inline advance(who) {
  d_step {
    wakes = 0;
    if
    :: lease[who] -> lease[who] = 0; outstanding--; finished++; closeIfQuiescent(); readersToWake()
    :: else
    fi
  };
  wakeReaders()
}

inline carryOut(who) {
  d_step {
    wakes = 0;
    if
    :: hasAnswer && who == MEMBER -> hasAnswer = 0; untaken++; puts++; assert(!endSeen); readersToWake()
    :: else
    fi
  };
  wakeReaders();
  advance(who)
}

proctype writer() {
  byte wakes, left = ITEMS;
  do
  :: left > 0 -> publish(); left--
  :: break                        /* done, or killed: that is the same to the others */
  od;
  ended[WRITER] = 1
}

proctype reader(byte me) {
  byte wakes;
  bit seesEnd, hasSlept, hasAnswered;
  {
    do
    :: seesEnd -> break
    :: else ->
       take(0);
       if
       :: lease[me] || seesEnd
       :: else -> take(1)
       fi;
       if
       :: lease[me] ->
          /* A step: all of it happens with the arming. */
          d_step {
            armed[me] = 1;
            if
            :: me == MEMBER && !hasAnswered -> hasAnswered = 1; hasAnswer = 1
            :: else
            fi
          };
          carryOut(me);
          armed[me] = 0
       :: !lease[me] && !seesEnd ->
          d_step { hasSlept = 1; if :: !changed[me] -> asleep[me] = 1 :: else fi };
          !asleep[me]
       :: else
       fi
    od
  } unless { killed[me] };
  atomic { asleep[me] = 0; ended[me] = 1 }
}

proctype killer() {
  if :: killed[READER] = 1 :: skip fi;
  if :: killed[MEMBER] = 1 :: skip fi
}

inline wakeEveryone() {
#ifndef NO_WAKE_AT_END
  bump();
  d_step { asleep[READER] = 0; asleep[MEMBER] = 0 }
#else
  skip
#endif
}

proctype supervisor() {
  byte left = WORKERS, dead, wakes;
  do
  :: left > 0 ->
     atomic {
       if
       :: ended[1] -> dead = 1
       :: ended[2] -> dead = 2
       :: ended[3] -> dead = 3
       fi;
       ended[dead] = 0
     };
     /* Scavenge. */
     if
     :: armed[dead] -> carryOut(dead); armed[dead] = 0
     :: else
     fi;
     d_step {
       wakes = 0;
       stopWaiting(dead);
       if
       :: lease[dead] -> lease[dead] = 0; orphans++; readersToWake()
       :: else
       fi
     };
     wakeReaders();
     sleeping = 0;
     wakeEveryone();
     /* Not started again: end for good. */
     d_step {
       if
       :: dead != READER ->
          liveWriters--;
          if :: liveWriters == 0 -> isClosed = 1 :: else fi;
          closeIfQuiescent()
       :: else
       fi;
       sleeping = 0
     };
     wakeEveryone();
     left--
  :: else -> break
  od;
  /* Where nobody who reads lived on, items may be left. */
  assert(!endSeen || (finished == puts && untaken == 0 && orphans == 0));
  assert(killed[READER] && killed[MEMBER] || endSeen)
}

init {
  atomic { run writer(); run reader(READER); run reader(MEMBER); run killer(); run supervisor() }
}
