import type { ResultDocument } from '../../../src/result/document.ts'
import { gateSignal } from '../../../src/result/gate-signal.ts'
import { baseName, comparisonsWithBase } from '../comparisons.ts'
import { answerSentences } from '../summary.ts'

/** What a run says, in one or two sentences, and how it is to be taken. */
export interface Answer {
  readonly sentences: readonly string[]
  /** `good`: it is decided; `careful`: it is not; `bad`: a gate failed, something is worse, or nothing can be relied on. */
  readonly tone: 'good' | 'careful' | 'bad'
}

/** Sentences beyond which an answer is a report. */
const mostSentences = 2

/** The answer of a run. */
export function answerOf(document: ResultDocument): Answer {
  return {
    sentences: answerSentences(document).slice(0, mostSentences),
    tone: toneOf(document),
  }
}

function toneOf(document: ResultDocument): Answer['tone'] {
  const { gates, findings, comparisons } = document
  const signal = gateSignal(gates)
  if (signal !== undefined) return gateTones[signal]
  if (!findings.some(({ validity }) => validity === 'valid')) return 'bad'
  const hasBase = baseName(document) !== undefined
  const compared = hasBase ? comparisonsWithBase(document) : comparisons
  const outcomes = compared.map(({ outcome }) => outcome)
  if (hasBase && outcomes.includes('worse')) return 'bad'
  return outcomes.some((one) => one === 'better' || one === 'worse' || one === 'same')
    ? 'good'
    : 'careful'
}

const gateTones = { passed: 'good', inconclusive: 'careful', failed: 'bad' } as const
