import type { SlowRequest } from '../../driver/slow-report.ts'
import type { CauseSpan } from './cause-span.ts'

/** The causes that a request has of its own: the driver was late, all connections were in use, or one had to be opened. */
export function requestSpans({ dueMs, arrivedMs, sentMs, connectedMs }: SlowRequest): CauseSpan[] {
  const spans: CauseSpan[] = [
    { cause: 'driver-late', fromMs: dueMs, untilMs: arrivedMs },
    { cause: 'connections-in-use', fromMs: arrivedMs, untilMs: sentMs },
    { cause: 'new-connection', fromMs: sentMs, untilMs: connectedMs },
  ]
  return spans.filter(({ fromMs, untilMs }) => untilMs > fromMs)
}
