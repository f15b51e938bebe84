/** What was asked for holds, or was done. */
export const DONE = 0;
/** It does not hold, or was refused: the output says why. */
export const REFUSED = 1;
/** The command itself could not be carried out: no such command, no database, a file that cannot be read. */
export const FAILED = 2;
