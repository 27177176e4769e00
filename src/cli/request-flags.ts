import { string } from '@oclif/core/flags'
import { seconds } from './flags.ts'

/** Flags that describe the request that the driver sends. */
export const requestFlags = {
  method: string({
    helpGroup: 'LOAD',
    summary: 'Method of every request: GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.',
    helpValue: 'METHOD',
  }),
  path: string({
    helpGroup: 'LOAD',
    summary: 'Path of every request, with its query.',
    helpValue: '/PATH',
  }),
  header: string({
    helpGroup: 'LOAD',
    char: 'H',
    summary: 'Header field of every request; may be repeated.',
    helpValue: "'NAME: VALUE'",
    multiple: true,
    multipleNonGreedy: true,
  }),
  body: string({
    helpGroup: 'LOAD',
    summary: 'Body of every request: text, or the contents of a file.',
    helpValue: 'TEXT|@FILE',
  }),
  timeout: seconds({
    helpGroup: 'LOAD',
    summary: 'Time after which a request without a complete response has failed.',
    helpValue: 'TIME',
  }),
}

/** The values of those flags. */
export interface RequestFlags {
  readonly method?: string | undefined
  readonly path?: string | undefined
  readonly header?: readonly string[] | undefined
  readonly body?: string | undefined
  /** Seconds. */
  readonly timeout?: number | undefined
}
