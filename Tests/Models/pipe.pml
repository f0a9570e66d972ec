/* One direction of a pipe (PipeDirection): a writer that stages messages behind the tail, in two ways, and publishes them
 * in one step with its source's checkpoint by a redo record (Step.publish); deaths of the writer at any instant, the
 * scavenger, and its next lives; a reader. One statement is one access to shared memory. Message number n is the n-th: it
 * must be at position n - 1.
 *
 * Checked: every message comes once, whole and in order, and nobody stands still before the last has come.
 * Seen to fail: with -DTWO_PLACES (each way has a place of its own behind the last message, and one is not told what the
 * other publishes), with -DKEEP_STAGED (what a dead writer had staged counts for its next life), with -DNO_COMPARE (a
 * repeated step publishes again), with -DNO_REDO (tail and checkpoint in two steps), with -DTAIL_FIRST (the tail before
 * the message), with -DHEAD_FIRST (the room given back before the message is read), with -DROOM_BY_TAIL (what is staged
 * takes up no room). */

#define RING 2
#define MESSAGES 4
#define KILLS 2

byte ring[RING];
byte tail, head;
byte staged;                      /* the writer's note: messages behind the tail */
byte checkpoint;                  /* durable: messages published */

bit armed;                        /* the redo record */
byte oldTail, newTail, newCheckpoint;

bit killed, ended;

#ifdef TWO_PLACES
#define place mine                /* the writer's copy of the tail, as its own publishes have left it */
#else
#define place tail
#endif

#ifdef ROOM_BY_TAIL
#define hasRoom (tail + 1 - head <= RING)
#else
#define hasRoom (place + staged + 1 - head <= RING)
#endif

/* By the worker, and again by the scavenger. */
inline carryOut() {
#ifdef NO_COMPARE
  tail = tail + (newTail - oldTail);
#else
  if
  :: tail == oldTail -> tail = newTail
  :: else
  fi;
#endif
  staged = 0;
  checkpoint = newCheckpoint
}

/* `count` messages that begin at `from`. */
inline publish(from, count) {
#ifdef NO_REDO
  tail = from + count;
  staged = 0;
  checkpoint = next
#else
  oldTail = from;
  newTail = from + count;
  newCheckpoint = next;
  armed = 1;
  carryOut();
  armed = 0
#endif
}

inline stage(at) {
  ring[(at) % RING] = next + 1;
  next++;
  staged++
}

proctype writer() {
  byte next, mine;
  {
    next = checkpoint;
    mine = tail;
    do
    :: next == MESSAGES && staged == 0 -> break
#ifdef TAIL_FIRST
    :: next < MESSAGES && hasRoom -> next++; publish(place, 1); ring[(tail - 1) % RING] = next
#else
    :: next < MESSAGES && hasRoom -> stage(place + staged)
#endif
    :: staged > 0 -> publish(place, staged); mine = newTail
    /* The other way. */
    :: next < MESSAGES && hasRoom && staged == 0 -> stage(tail + staged); publish(tail, staged)
    od
  } unless { killed };
  ended = 1
}

proctype reader() {
  byte message;
  do
  :: head == MESSAGES -> break
  :: head < tail ->
#ifdef HEAD_FIRST
     head++;
     message = ring[(head - 1) % RING];
     assert(message == head)
#else
     message = ring[head % RING];
     assert(message == head + 1);
     head++
#endif
  od
}

/* Kills, repairs and starts it again. */
proctype supervisor() {
  byte kills;
  do
  :: kills < KILLS && !ended -> killed = 1; kills++
  :: ended ->
     if
     :: !killed -> break
     :: else
     fi;
     if
     :: armed -> carryOut(); armed = 0
     :: else
     fi;
#ifndef KEEP_STAGED
     staged = 0;
#endif
     killed = 0;
     ended = 0;
     run writer()
  od;
  assert(tail == MESSAGES && checkpoint == MESSAGES)
}

init {
  atomic { run writer(); run reader(); run supervisor() }
}
