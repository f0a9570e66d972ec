/* Who is woken for a queue's items (QueueState.readersToWake, didRefuse; QueueReader.take, stopSleeping), where one reader
 * wants two at once and sleeps on a word of its own, one takes any, and one has other things to do for a while when it is
 * woken (a command's pump whose output is full). An update of the cell is one step: lock.pml shows that. A wake-up goes to
 * any that sleeps then, also to one that came after the commit that it is for.
 *
 * The writer puts one item and goes on when it was answered; then it puts more than there is room for, and the others may
 * be gone. Checked: nobody
 * sleeps for ever beside what it could take, whether the queue holds two items or only one.
 * Seen to fail: with -DONE_WORD (all sleep on one word, and all are woken where a choosy one is known to sleep: one that
 * comes after the commit gets the wake-up of another), with -DNO_REFUSAL (it waits for two where one has room), with
 * -DREFUSED_IN_SILENCE (that is noted, and nobody woken for it), with -DNO_PASSING_ON. What deaths
 * change of it wake.pml has. */

#define CHOOSY 1
#define PLAIN 2
#define BUSY 3
#define READERS 3

#ifdef ONE_WORD
#define isGatherer(who) 0
#else
#define isGatherer(who) (who == CHOOSY)
#endif

#define ITEMS 3

byte room;                        /* items that it holds: one, by bytes, or two */
byte untaken;
byte sleeping;                    /* readers that no wake-up is under way to */
bit hasChoosy;
bit isFull;                       /* a writer has found no room since the last take */
bit closed;
bit answered;

bit changed[READERS + 1];         /* the word, since the reader looked at it under the lock */
bit asleep[READERS + 1];

/* wakes: of those that take any. all: of the others. */
inline readersToWake() {
  wakes = 0;
  all = 0;
  if
  :: !(untaken > 0 || closed) -> skip
  :: else ->
     all = hasChoosy;
     hasChoosy = 0;
     if
#ifdef ONE_WORD
     :: (closed || all) && sleeping > 0 -> wakes = READERS; sleeping = 0
     :: !closed && !all && sleeping > 0 -> wakes = 1; sleeping--
#else
     :: closed && sleeping > 0 -> wakes = READERS; sleeping = 0
     :: !closed && sleeping > 0 -> wakes = 1; sleeping--
#endif
     :: sleeping == 0
     fi
  fi
}

inline bump() {
  d_step { changed[PLAIN] = 1; changed[BUSY] = 1; if :: !isGatherer(CHOOSY) -> changed[CHOOSY] = 1 :: else fi }
}

/* One, or all; which of the sleepers one is, is not known. */
inline wake() {
  if
  :: wakes == 1 ->
     atomic {
       if
       :: asleep[CHOOSY] && !isGatherer(CHOOSY) -> asleep[CHOOSY] = 0
       :: asleep[PLAIN] -> asleep[PLAIN] = 0
       :: asleep[BUSY] -> asleep[BUSY] = 0
       :: else
       fi;
       wakes = 0
     }
  :: else ->
     d_step {
       asleep[PLAIN] = 0; asleep[BUSY] = 0;
       if :: !isGatherer(CHOOSY) -> asleep[CHOOSY] = 0 :: else fi;
       wakes = 0
     }
  fi
}

inline tellGatherers() {
  if
  :: all && isGatherer(CHOOSY) -> d_step { changed[CHOOSY] = 1; asleep[CHOOSY] = 0; all = 0 }
  :: else -> all = 0
  fi
}

inline tell() {
  if
  :: wakes > 0 -> bump(); wake()
  :: else
  fi;
  tellGatherers()
}

/* wanted: by the reader. Takes, and answers where that is due, or counts as sleeping. */
inline take(wanted) {
  d_step {
    taken = 0;
    wakes = 0;
    all = 0;
    if
    :: hasSlept && !changed[me] && sleeping > 0 && !isGatherer(me) -> sleeping--
    :: else
    fi;
    if
    :: untaken >= wanted || (untaken > 0 && (isFull || closed)) ->
       taken = (untaken < wanted -> untaken : wanted);
       untaken = untaken - taken;
       isFull = 0;
       if :: wanted == 1 -> answered = 1 :: else fi;
       readersToWake()
    :: else ->
       if
       :: closed -> isOver = 1
       :: else ->
          if :: wanted > 1 -> hasChoosy = 1 :: else fi;
          if :: isGatherer(me) -> skip :: else -> sleeping++ fi
       fi
    fi;
    changed[me] = 0
  };
  tell()
}

inline sleep() {
  d_step { hasSlept = 1; if :: !changed[me] -> asleep[me] = 1 :: else fi };
  atomic { !asleep[me] -> taken = 0 }
}

proctype choosy() {
  byte me = CHOOSY, taken, wakes;
  bit isOver, hasSlept, all;
  do
  :: isOver -> break
  :: else ->
     take(2);
     if :: !taken && !isOver -> sleep() :: else -> d_step { hasSlept = 0; taken = 0 } fi
  od
}

/* Its end lets all look again. */
inline leave() {
  d_step { sleeping = 0; wakes = READERS; all = 1 };
  bump(); wake(); tellGatherers()
}

proctype plain() {
  byte me = PLAIN, taken, wakes;
  bit isOver, hasSlept, all;
  do
  :: isOver -> break
  :: answered -> leave(); break
  :: else ->
     take(1);
     if
     :: taken -> d_step { hasSlept = 0; taken = 0 }
     :: !taken && !isOver -> sleep()
     :: else
     fi
  od
}

/* As plain; but once it has announced that it sleeps, it may have to wait for the answer of another one first. */
proctype busy() {
  byte me = BUSY, taken, wakes;
  bit isOver, hasSlept, all;
  do
  :: isOver -> break
  :: answered -> leave(); break
  :: else ->
     take(1);
     if
     :: taken -> d_step { hasSlept = 0; taken = 0 }
     :: !taken && !isOver -> sleep()
     :: !taken && !isOver && !answered ->
        /* A child of it sleeps for it. */
        d_step { hasSlept = 0; if :: !changed[me] -> asleep[me] = 1 :: else fi };
        if
        :: !asleep[me] && !answered ->
#ifndef NO_PASSING_ON
           d_step { sleeping = 0; wakes = READERS };
           bump(); wake();
#endif
           answered
        :: answered -> asleep[me] = 0
        fi
     :: else
     fi
  od
}

proctype writer() {
  byte left = ITEMS, wakes;
  bit done, all;
  do
  :: left == 0 -> break
  :: left > 0 ->
     left != ITEMS - 1 || answered;
     d_step {
       done = 0;
       wakes = 0;
       all = 0;
       if
       :: untaken < room -> untaken++; done = 1; readersToWake()
       :: else ->
#ifndef NO_REFUSAL
          if
          :: !isFull ->
             isFull = 1;
#ifndef REFUSED_IN_SILENCE
#ifdef ONE_WORD
             if :: hasChoosy -> readersToWake() :: else fi
#else
             all = hasChoosy;
             hasChoosy = 0
#endif
#endif
          :: else
          fi
#else
          skip
#endif
       fi
     };
     tell();
     if
     :: done -> left--
     :: else -> untaken < room     /* every take wakes the writers, all of them */
     fi
  od;
  skip;
  d_step { closed = 1; sleeping = 0; wakes = READERS; all = 1 };
  bump(); wake(); tellGatherers()
}

init {
  if :: room = 1 :: room = 2 fi;
  atomic { run writer(); run choosy(); run plain(); run busy() }
}
