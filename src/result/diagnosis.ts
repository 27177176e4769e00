import type { HostCheck } from './host-check.ts'

/** A cause that the evidence points to, or the point where the evidence ends. */
export interface Leaf {
  /** Its name: `backends-refuse`. */
  readonly name: string
  /** What is concerned: an arm and its phase, a stage, an address. */
  readonly subject: string
  /** One clause: the cause, or how far the evidence goes. */
  readonly says: string
  /** `shown`: figures of this result show it. `likely`: they fit it. `open`: they stop short of a cause. */
  readonly certainty: 'shown' | 'likely' | 'open'
  /** Figures of the document, each a clause. */
  readonly evidence: readonly string[]
  /** What to try. */
  readonly advice: string
  /** The command that would show it. */
  readonly command: string
}

/** A symptom: whether the result has it, and the leaves of its decision tree that were reached. */
export interface SymptomCheck {
  readonly name: string
  /** The name in words: `bad tail`. */
  readonly title: string
  /** `unknown`: the result has no figures for it. */
  readonly state: 'ok' | 'bad' | 'unknown'
  /** The figures that were looked at. */
  readonly found: string
  readonly leaves: readonly Leaf[]
}

/** What the doctor found, of a host, of a result or of a running balancer. */
export interface Diagnosis {
  readonly of: 'host' | 'result' | 'balancer'
  /** What was examined: a run, a file, an address. */
  readonly subject: string
  readonly checks: readonly HostCheck[]
  readonly symptoms: readonly SymptomCheck[]
}
