/* The lock word of a cell (HolderLock), with deaths at any instant and the scavenger (Arena.scavenge). One statement
 * is one access to shared memory, or one system call.
 *
 * Checked: two never hold it; whoever is alive gets it in the end; in the end it is free.
 * Seen to fail: with -DNO_WAKE_AFTER_DEATH (a wake-up that died with its sender is lost), with -DNO_WAITERS_KEPT (one
 * who slept takes the lock without the mark for others who sleep). */

#define WORKERS 3
#define WAITERS 8                 /* the bit; the holder is in those below */

byte word;
bit asleep[WORKERS + 1];          /* in the kernel, on the word */
bit killed[WORKERS + 1];
bit ended[WORKERS + 1];
bit passed[WORKERS + 1];          /* through all that it wanted; it stays until the others are, so as to be of no help */

#define isThrough(who) (passed[who] || killed[who])

byte holder;                      /* what must hold is told by it */

inline compareExchange(expected, desired) {
  d_step {
    done = (word == (expected));
    if
    :: done ->
       word = (desired);
       if
       :: (desired) % WAITERS == me && holder != me -> assert(holder == 0); holder = me
       :: else
       fi
    :: else
    fi
  }
}

inline futexWait(value) {
  d_step { if :: word == (value) -> asleep[me] = 1 :: else fi };
  !asleep[me]
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

inline acquire() {
  compareExchange(0, me);
  do
  :: done -> break
  :: else ->
     seen = word;
     if
     :: seen % WAITERS == 0 ->
#ifdef NO_WAITERS_KEPT
        compareExchange(seen, me)
#else
        compareExchange(seen, me + WAITERS)
#endif
     :: else ->
        done = 1;
        if
        :: seen < WAITERS -> compareExchange(seen, seen + WAITERS)
        :: else
        fi;
        if
        :: done -> done = 0; futexWait(seen % WAITERS + WAITERS)
        :: else
        fi
     fi
  od
}

inline release() {
  d_step { seen = word; word = 0; assert(holder == me); holder = 0 };
  if
  :: seen >= WAITERS -> wakeOne()
  :: else
  fi;
  d_step { seen = 0; done = 0 }
}

proctype worker(byte me; byte rounds) {
  byte seen;
  bit done;
  {
    do
    :: rounds > 0 -> acquire(); release(); rounds--
    :: else -> break
    od;
    passed[me] = 1;
    isThrough(1) && isThrough(2) && isThrough(3)
  } unless { killed[me] };
  atomic { asleep[me] = 0; ended[me] = 1 }
}

proctype killer() {
  if :: killed[1] = 1 :: skip fi;
  if :: killed[2] = 1 :: skip fi
}

/* Sees each end, and repairs. It does not wait for the lock itself. */
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
     if
     :: word % WAITERS == dead -> d_step { word = 0; holder = 0 }
     :: else
     fi;
#ifndef NO_WAKE_AFTER_DEATH
     d_step { asleep[1] = 0; asleep[2] = 0; asleep[3] = 0 };
#endif
     left--
  :: else -> break
  od;
  assert(word % WAITERS == 0)
}

init {
  atomic { run worker(1, 1); run worker(2, 1); run worker(3, 2); run killer(); run supervisor() }
}
