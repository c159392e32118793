/** How all that is kept in a browser's storage begins. */
export const PLACE = "seatwise ";
