import { bodyText, type ResponseParts } from './response-parts.ts'

/** A check of a response, and whether it passed. */
export interface CheckOutcome {
  readonly text: string
  readonly passed: boolean
}

/** One request of a visit that is shown, and its outcome. */
export interface TracedRequest {
  readonly step: string
  /** The request as it was sent. This text and the next two hold at most 4,096 characters. */
  readonly sent: string
  /** Status line and fields of the response, and its body; empty where there is none. */
  readonly head: string
  readonly body: string
  /** Milliseconds from when it was due. */
  readonly ms: number
  readonly failure?: string
  readonly checks: readonly CheckOutcome[]
}

/** A visit that is shown. */
export interface TracedVisit {
  readonly journey: string
  readonly requests: readonly TracedRequest[]
}

const maxText = 4096

/** A request and its outcome as they are shown. */
export function traced(
  {
    step,
    bytes,
    ms,
    failure,
    checks,
  }: Pick<TracedRequest, 'step' | 'ms' | 'checks'> & {
    readonly bytes: Buffer | string
    readonly failure: string | undefined
  },
  parts: ResponseParts,
): TracedRequest {
  return {
    ...{ step, ms, checks },
    sent: shortened(bytes.toString()),
    head: shortened(parts.kept.head ?? ''),
    body: shortened(bodyText(parts)),
    ...(failure !== undefined && { failure }),
  }
}

function shortened(text: string): string {
  return text.length > maxText ? `${text.slice(0, maxText)}… (${text.length} characters)` : text
}
