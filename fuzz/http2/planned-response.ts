import { sealOf } from '../seal.ts'

/** The ways in which the backends of fuzzing respond; the last segment of the target names one. */
export const responseKinds = [
  'plain',
  'chunked',
  'empty',
  'no-content',
  'large',
  'trailers',
  'early',
  'early-trailers',
  'interim',
  'cut',
] as const
type ResponseKind = (typeof responseKinds)[number]

/** How a backend responds to a request. */
export interface PlannedResponse {
  readonly kind: ResponseKind
  readonly status: number
  readonly seal: string
  readonly body: string
  /** The response starts before the request has ended. */
  readonly early: boolean
  /** The backend closes the connection within the body. */
  readonly cut: boolean
  readonly trailers: boolean
}

/** A request, as far as its response depends on it. */
export interface RequestLine {
  readonly address: string
  readonly method: string
  readonly target: string
}

const largeBytes = 100_000

/** The response to a request: its contents identify the request. */
export function plannedResponse({ address, method, target }: RequestLine): PlannedResponse {
  const last = target.split('/').at(-1)
  const kind = responseKinds.find((one) => one === last) ?? 'plain'
  const seal = sealOf(address, method, target)
  const text = `response to ${seal} `
  const empty = method === 'HEAD' || kind === 'no-content' || kind === 'empty'
  const long = kind === 'large' || kind === 'cut'
  return {
    kind,
    status: kind === 'no-content' ? 204 : 200,
    seal,
    body: empty ? '' : text.repeat(long ? Math.ceil(largeBytes / text.length) : 1),
    early: kind === 'early' || kind === 'early-trailers',
    cut: kind === 'cut' && !empty,
    trailers: kind.endsWith('trailers') && !empty,
  }
}
