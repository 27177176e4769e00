import autocannon from 'autocannon'
import { serveRequests } from '../../src/kit/rpc.ts'

/*
 * autocannon as it comes, in a process of its own, to be held against our drivers. Answers `drive`, whose
 * payload are its options, with its result.
 */
serveRequests({
  start(): void {},
  drive: (options: autocannon.Options) => autocannon(options),
  stop(): void {},
})
