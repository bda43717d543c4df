/** The lines in which programs say that something did not work, read as data. */
export type { ErrorMeaning, ErrorProgram } from './error-form.ts';
export {
  type ErrorCode,
  type ErrorCodesOf,
  type ErrorLine,
  errorCodes,
  readErrorLine,
} from './error-line.ts';
export { type ErrorLog, type LoggedError, type RunOutcome, readErrorLog, writes } from './log.ts';
export { setupLines } from './setup-lines.ts';
