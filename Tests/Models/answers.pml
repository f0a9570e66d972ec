/* Who answers for all instances of a process at the end (GroupState, Arena+Groups): workers that absorb, complete and
 * perhaps speak, with deaths at any instant; a supervisor that starts the dead again or takes them out (scale). An update
 * of the group's cell is one step: lock.pml and cell.pml show that; so is a step of a worker.
 *
 * Checked: there is one answer, of all that was absorbed.
 * Seen to fail: with -DLOOK_FIRST (each looks at the others before its own end is told), with -DANYONE (who finds all
 * complete speaks, also if another does), with -DDECIDE_APART (who leaves is decided by which processes have ended), with
 * -DSTATE_AFTER (what it absorbed is kept after its end is told), with -DCOUNT_TWICE (a next life completes again), with
 * -DSPEAKER_LEAVES (who was chosen is taken out before its answer). */

#define WORKERS 3                 /* the first one stays always */
#define KILLS 2

byte open = WORKERS;
byte speaker;                     /* 0: not decided */
bit complete[WORKERS + 1];
bit state[WORKERS + 1];           /* durable: what it has absorbed */
bit answered[WORKERS + 1];        /* durable */
bit gone[WORKERS + 1];

bit killed[WORKERS + 1];
bit ended[WORKERS + 1];           /* and not seen by the supervisor yet */
bit over[WORKERS + 1];            /* for good, as the supervisor knows */
byte answers;

inline tellEnd() {
#ifdef LOOK_FIRST
  isLast = (open == 1 && !complete[me]);
  d_step { if :: !complete[me] -> complete[me] = 1; open-- :: else fi };
  d_step { if :: isLast && speaker == 0 -> speaker = me :: else fi }
#else
  d_step {
    if
#ifdef COUNT_TWICE
    :: open > 0 ->
#else
    :: !complete[me] ->
#endif
       complete[me] = 1;
       open--;
       if
       :: open == 0 && speaker == 0 -> speaker = me
       :: else
       fi
    :: else
    fi
  }
#endif
}

#ifdef ANYONE
#define speaks (open == 0)
#else
#define speaks (speaker == me)
#endif

proctype worker(byte me) {
  bit isLast;
  {
#ifndef STATE_AFTER
    state[me] = 1;
#endif
    tellEnd();
#ifdef STATE_AFTER
    state[me] = 1;
#endif
    if
    :: speaks && !answered[me] ->
       /* The copies of the states, then the answer and the mark in one step. What is not there then never will be. */
       d_step {
         answered[me] = 1;
         answers++;
         assert(state[1] && (state[2] || gone[2]) && (state[3] || gone[3]))
       }
    :: else
    fi
  } unless { killed[me] };
  ended[me] = 1
}

/* May the dead one leave? */
inline retire() {
#ifdef DECIDE_APART
  mayLeave = !(over[1] && (over[2] || dead == 2 || gone[2]) && (over[3] || dead == 3 || gone[3]));
  d_step { if :: mayLeave && !complete[dead] -> complete[dead] = 1; open-- :: else fi; gone[dead] = mayLeave }
#else
  d_step {
    if
#ifndef SPEAKER_LEAVES
    :: speaker == dead && !answered[dead] -> mayLeave = 0
#endif
    :: (complete[dead] && !(speaker == dead && !answered[dead])) -> mayLeave = 1
    :: !complete[dead] && open == 1 && speaker == 0 -> mayLeave = 0
    :: !complete[dead] && !(open == 1 && speaker == 0) -> mayLeave = 1; complete[dead] = 1; open--
#ifdef SPEAKER_LEAVES
    :: else -> mayLeave = 1
#endif
    fi;
    gone[dead] = mayLeave
  }
#endif
}

proctype supervisor() {
  byte kills, dead, left = WORKERS;
  bit mayLeave;
  do
  :: kills < KILLS ->
     if
     :: !killed[1] && !over[1] -> killed[1] = 1
     :: !killed[2] && !over[2] && !gone[2] -> killed[2] = 1
     :: !killed[3] && !over[3] && !gone[3] -> killed[3] = 1
     :: kills = KILLS
     fi;
     if :: kills < KILLS -> kills++ :: else fi
  :: left > 0 ->
     atomic {
       if
       :: ended[1] -> dead = 1
       :: ended[2] -> dead = 2
       :: ended[3] -> dead = 3
       fi;
       ended[dead] = 0
     };
     if
     :: !killed[dead] -> over[dead] = 1; left--
     :: else ->
        killed[dead] = 0;
        mayLeave = 0;
        if
        :: dead > 1 -> retire()
        :: true
        fi;
        if
        :: mayLeave -> left--
        :: else -> run worker(dead)
        fi
     fi
  :: left == 0 -> break
  od;
  assert(answers == 1)
}

init {
  atomic { run worker(1); run worker(2); run worker(3); run supervisor() }
}
