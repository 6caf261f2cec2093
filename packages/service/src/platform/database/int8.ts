/** The number of the type int8 in Postgres. Its values are sizes and counts, which a number holds exactly. */
export const int8 = 20;
