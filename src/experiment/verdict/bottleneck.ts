import type { Verdict } from '../../result/document.ts'

/** Which part was the bottleneck of a trial, and the figures that show it. */
export type Bottleneck = Pick<Verdict, 'bottleneck' | 'reason'>
