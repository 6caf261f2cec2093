/** How a SQLite file is opened that is no more than that to us: no tables of the platform, and no transaction but ours. */
export const rawSQLite = { rawSQLite: true, skipFileCheck: true, defaultTxn: 0 } as const;
