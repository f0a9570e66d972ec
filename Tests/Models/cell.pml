/* The two copies and the version of a cell (Cell.update, Cell.peek), and a part in two marked copies (CellParts,
 * LeaseSlot), with deaths at any instant and the scavenger. One statement is one access to shared memory. The lock is
 * one step here: lock.pml shows that.
 *
 * Checked: a dead holder's change has happened whole, to state and part, or not at all; a look without the lock never
 * sees half of one.
 * Seen to fail: with -DCOMMIT_EARLY (the version before the copy), with -DNO_FORGET (the mark of a commit that did not
 * happen stays, until another gets its number), with -DNO_SECOND_LOOK (at the version, by who has no lock). */

#define WORKERS 2

byte lock;
byte version;
byte x[2], y[2];                  /* a state of two fields, in two copies: both fields count the commits */
byte mark[2], part[2];            /* a part that counts those that change it, in two marked copies */
bit killed[WORKERS + 1];
bit ended[WORKERS + 1];

byte commits, partCommits;        /* what must hold is told by these */

#define validPart (mark[0] > version -> 1 : (mark[1] > version -> 0 : (mark[0] >= mark[1] -> 0 : 1)))
#define isWhole (x[version % 2] == commits && y[version % 2] == commits && part[validPart] == partCommits)

inline commit() { d_step { version = current + 1; commits++; partCommits = partCommits + changesPart } }

inline change() {
  current = version;
  assert(isWhole);
#ifdef COMMIT_EARLY
  commit();
#endif
  x[(current + 1) % 2] = x[current % 2] + 1;
  y[(current + 1) % 2] = y[current % 2] + 1;
  if
  :: changesPart = 0
  :: changesPart = 1;
     place = 1 - validPart;
     part[place] = part[1 - place] + 1;
     mark[place] = current + 1
  fi;
#ifndef COMMIT_EARLY
  commit();
#endif
  assert(isWhole)
}

proctype worker(byte me; byte rounds) {
  byte current, place;
  bit changesPart;
  {
    do
    :: rounds > 0 ->
       atomic { lock == 0 -> lock = me };
       change();
       lock = 0;
       d_step { current = 0; place = 0; changesPart = 0; rounds-- }
    :: else -> break
    od
  } unless { killed[me] };
  ended[me] = 1
}

proctype looker() {
  byte before, seenX, seenY;
  before = version;
  seenX = x[before % 2];
  seenY = y[before % 2];
#ifdef NO_SECOND_LOOK
  assert(seenX == seenY)
#else
  if
  :: version == before -> assert(seenX == seenY)
  :: else
  fi
#endif
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
       fi;
       ended[dead] = 0
     };
     if
     :: lock == dead ->
#ifndef NO_FORGET
        if :: mark[0] > version -> mark[0] = 0 :: else fi;
        if :: mark[1] > version -> mark[1] = 0 :: else fi;
#endif
        lock = 0
     :: else
     fi;
     left--
  :: else -> break
  od;
  assert(lock == 0 && isWhole)
}

init {
  atomic { run worker(1, 1); run worker(2, 2); run looker(); run killer(); run supervisor() }
}
