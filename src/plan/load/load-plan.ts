import type { RequestMethod } from '../request-method.ts'
import type { Capture } from './capture.ts'
import type { Check } from './check.ts'
import type { K6Journey } from './k6-journey.ts'
import type { Pause } from './pause.ts'

/** A part of a load test. */
export interface Stage {
  /** Unique in the plan. */
  readonly name: string
  readonly seconds: number
  /** `open`: visits arrive at a rate, whether or not responses came. `closed`: each user begins its journey again when it is over. */
  readonly model: 'open' | 'closed'
  /** Visits per second, or users, at its begin and at its end; linear in between. */
  readonly from: number
  readonly to: number
}

/** A request of a journey. Texts may hold templates: src/plan/load/template.ts. */
export interface RequestStep {
  readonly kind: 'request'
  /** The name that its figures are grouped by; unique in the journey. */
  readonly name: string
  readonly method: RequestMethod
  /** A path of the target, or an absolute URL. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: StepBody | undefined
  readonly checks: readonly Check[]
  /** What later steps use of its response, by the name that they use it by. */
  readonly captures: Readonly<Record<string, Capture>>
}

/** The body of a request: text as it is; JSON whose strings are templates, as text; or the fields of a form. */
export type StepBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>> }

/** A pause before the next step. */
export interface PauseStep {
  readonly kind: 'pause'
  readonly pause: Pause
}

/** A journey: steps, or a module of the user whose path is absolute. */
export interface JourneyPlan {
  /** Unique in the plan. */
  readonly name: string
  /** Share of the visits relative to the other journeys. */
  readonly weight: number
  readonly steps: readonly (RequestStep | PauseStep)[]
  /** Absolute path of a module that is run in place of steps. */
  readonly module?: string | undefined
  /** Where the module is a k6 script. */
  readonly k6?: K6Journey | undefined
}

/** The visits after which a load of the closed model ends: of each user, or of all together. */
export interface VisitLimit {
  readonly count: number
  readonly of: 'each' | 'all'
}

/** A data file, whose rows visits take. */
export interface DataFile {
  /** Absolute path. */
  readonly file: string
  readonly format: 'csv' | 'jsonl'
  /** `once`: each row is used by one visit at most. */
  readonly order: 'sequential' | 'random' | 'once'
}

/** The load test of a scenario: it can be sent to the processes of drivers as it is. */
export interface LoadPlan {
  /** In the order in which they run. */
  readonly stages: readonly Stage[]
  /** Where the load ends after a number of visits, if its stages last so long. */
  readonly visits?: VisitLimit | undefined
  /** Gaps between visits of the open model. */
  readonly spacing: 'poisson' | 'constant'
  readonly journeys: readonly JourneyPlan[]
  /** By the name that templates use. */
  readonly data: Readonly<Record<string, DataFile>>
  /** As written: src/plan/thresholds parses them. */
  readonly thresholds: readonly string[]
}
