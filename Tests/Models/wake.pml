/* Sleep and wake-up at a primitive (Primitive.wait, Primitive.wake), as a bounded semaphore uses them, with deaths at
 * any instant, a time-out at any instant, and the scavenger. An update of a cell is one step: lock.pml shows that.
 *
 * Checked: nobody sleeps for ever while there is a count to take; a dead taker's count returns; a waiter whose time
 * is over takes no wake-up with it; in the end all counts are there.
 * Seen to fail: with -DNO_BUMP (the word that sleepers compare is not changed), with -DNO_WAKE_AFTER_DEATH, with
 * -DNO_RETURN (of the count of the dead), with -DALWAYS_IN_VAIN (one who was woken counts as one who was not). */

#define WORKERS 3
#define BOUND 1
#define TIMED 3                   /* this one gives up some time */

byte count = BOUND;
byte held[WORKERS + 1];
byte sleeping;                    /* those that no wake-up is under way to */
bit changed[WORKERS + 1];         /* the word, since the worker looked at it under the lock */
bit asleep[WORKERS + 1];
bit killed[WORKERS + 1];
bit ended[WORKERS + 1];
bit passed[WORKERS + 1];          /* through all that it wanted; it stays until the others are, so as to be of no help */

#define isThrough(who) (passed[who] || killed[who])

#ifdef ALWAYS_IN_VAIN
#define sleptInVain hasSlept
#else
#define sleptInVain (hasSlept && !changed[me])
#endif

inline look(willSleep) {
  d_step {
    if
    :: sleptInVain && sleeping > 0 -> sleeping--
    :: else
    fi;
    changed[me] = 0;
    if
    :: count > 0 -> count--; held[me]++; taken = 1
    :: else ->
       if
       :: willSleep -> sleeping++
       :: else
       fi
    fi
  }
}

inline sleep() {
  d_step { hasSlept = 1; if :: !changed[me] -> asleep[me] = 1 :: else fi };
  if
  :: !asleep[me]
  :: me == TIMED -> d_step { isOver = asleep[me]; asleep[me] = 0 }
  fi
}

inline wakeOne() {
  atomic {
    if
    :: asleep[1] -> asleep[1] = 0
    :: asleep[2] -> asleep[2] = 0
    :: asleep[3] -> asleep[3] = 0
    :: else
    fi
  }
}

inline bump() {
#ifndef NO_BUMP
  d_step { changed[1] = 1; changed[2] = 1; changed[3] = 1 }
#else
  skip
#endif
}

inline release() {
  d_step {
    count++;
    held[me]--;
    wakes = (sleeping > 0);
    sleeping = sleeping - wakes
  };
  if
  :: wakes -> bump(); wakeOne()
  :: else
  fi
}

proctype worker(byte me) {
  bit taken, isOver, hasSlept, wakes;
  {
    look(0);
    do
    :: taken || isOver -> break
    :: else ->
       look(1);
       if
       :: taken
       :: else ->
          sleep();
          if
          :: isOver -> look(0)
          :: else
          fi
       fi
    od;
    if
    :: taken -> release()
    :: else
    fi;
    passed[me] = 1;
    isThrough(1) && isThrough(2) && isThrough(3)
  } unless { killed[me] };
  atomic { asleep[me] = 0; ended[me] = 1 }
}

proctype killer() {
  if :: killed[1] = 1 :: skip fi;
  if :: killed[2] = 1 :: skip fi
}

proctype supervisor() {
  byte left = WORKERS, dead;
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
     d_step {
#ifndef NO_RETURN
       count = count + held[dead];
#endif
       held[dead] = 0;
       sleeping = 0
     };
#ifndef NO_WAKE_AFTER_DEATH
     bump();
     d_step { asleep[1] = 0; asleep[2] = 0; asleep[3] = 0 };
#endif
     left--
  :: else -> break
  od;
  assert(count == BOUND)
}

init {
  atomic { run worker(1); run worker(2); run worker(3); run killer(); run supervisor() }
}
