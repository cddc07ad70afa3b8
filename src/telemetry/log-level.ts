/** Levels of the log, from the most talkative on. They stand apart, so that the command line knows them without the logger. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
