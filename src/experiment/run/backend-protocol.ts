import type { LabCounts } from '../../lab/lab.ts'

type Counted = Pick<LabCounts['backends'][number], 'answered' | 'http2'>

/** Protocol of the requests that the backends responded to: `h2`, `http/1.1`, both, or `none` without a request. */
export function backendProtocol(counts: readonly Counted[]): string {
  const answered = counts.reduce((sum, one) => sum + one.answered, 0)
  const http2 = counts.reduce((sum, one) => sum + one.http2, 0)
  if (answered === 0) return 'none'
  if (http2 === 0) return 'http/1.1'
  return http2 === answered ? 'h2' : 'h2 and http/1.1'
}
