import autocannon from 'autocannon'
import { answerParent } from '../../../src/kit/child.ts'

/*
 * autocannon as it comes, in a process of its own, to be held against our drivers. Answers `drive`, whose
 * payload are its options, with its result.
 */
answerParent({
  start(): void {},
  drive: (options: autocannon.Options) => autocannon(options),
  stop(): void {},
})
