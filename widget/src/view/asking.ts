/** What the visitor is asked to confirm. */
export type Asking = "startOver" | "erase" | null;
