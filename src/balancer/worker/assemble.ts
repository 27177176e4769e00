import type { BalancerSettings } from '../config/config.ts'
import type { BackendSet } from '../health/backend-set.ts'
import type { FailureNotes } from '../health/failure-notes.ts'
import type { PassiveHealth } from '../health/passive.ts'
import type { RequestHead } from '../http/request-head.ts'
import { emptyResponseHead } from '../http/response-head.ts'
import { newWriteBuffer } from '../io/write-buffer.ts'
import type { Names } from '../names/names.ts'
import { clientEvents } from '../proxy/client-events.ts'
import type { ProxyContext } from '../proxy/context.ts'
import { type Exchange, newExchange } from '../proxy/exchange.ts'
import { upstreamEvents } from '../proxy/upstream-events.ts'
import { newPool } from '../upstream/pool.ts'

/** Parts of a data path that depend on settings and shared memory. */
export interface ProxyParts extends Pick<ProxyContext<Exchange>, 'limits' | 'observe' | 'now'> {
  readonly settings: BalancerSettings
  readonly backends: BackendSet
  readonly passive: PassiveHealth
  readonly notes: FailureNotes
  readonly requestHead: RequestHead
  readonly names: Names
}

/** Assembles the data path of one worker. */
export function assembleProxy({
  settings,
  backends,
  passive,
  notes,
  requestHead,
  names,
  limits,
  observe,
  now,
}: ProxyParts): ProxyContext<Exchange> {
  const buffer = newWriteBuffer()
  const proxy: ProxyContext<Exchange> = {
    settings,
    clients: new Set(),
    events: clientEvents((client) => newExchange(proxy, client)),
    balancing: {
      backends,
      passive,
      notes,
      inFlight: backends.table.inFlight,
      choice: { key: '', now: 0, tried: undefined },
    },
    pool: newPool({
      settings,
      rows: backends.byRow.length,
      address: (row) => backends.byRow[row],
      events: upstreamEvents,
      writeBuffer: buffer,
      names,
      now,
    }),
    scratch: {
      requestHead,
      responseHead: emptyResponseHead(settings.limits.fields),
      buffer,
    },
    limits,
    observe,
    now,
    draining: false,
    lastRequestAt: Number.NEGATIVE_INFINITY,
    replacement: undefined,
    checkedAt: now(),
  }
  return proxy
}
