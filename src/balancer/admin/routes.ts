import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import type { BackendChanges } from '../health/backend-changes.ts'
import { metricsText, metricsType } from './metrics-text.ts'
import { readBody } from './read-body.ts'
import { Refused } from './refused.ts'
import type { BackendSnapshot, Snapshot } from './snapshot.ts'

/** What the admin port shows and changes. */
export interface AdminSource {
  snapshot(): Snapshot
  readonly changes: BackendChanges
}

/** An answer of the admin port. */
export interface AdminResponse {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** One thing that can be asked of the admin port. */
interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: RegExp
  serve(
    source: AdminSource,
    request: IncomingMessage,
    id: string,
  ): Promise<AdminResponse> | AdminResponse
}

const weight = z.int().min(0).max(65_535)
const weightBody = z.strictObject({ weight })
const backendBody = z.strictObject({ url: z.string(), weight: weight.default(1) })

/** Everything that can be asked, in the order in which it is listed. */
const routes: readonly Route[] = [
  { method: 'GET', path: /^\/healthz$/, serve: healthz },
  {
    method: 'GET',
    path: /^\/backends$/,
    serve: (source) => json(200, source.snapshot().backends.map(shown)),
  },
  {
    method: 'GET',
    path: /^\/metrics$/,
    serve: async (source) => ({
      status: 200,
      type: metricsType,
      body: await metricsText(source.snapshot()),
    }),
  },
  {
    method: 'POST',
    path: /^\/backends$/,
    async serve(source, request) {
      const backend = await readBody(request, backendBody)
      const row = source.changes.add(backend)
      return json(
        201,
        find(source, (one) => one.row === row),
      )
    },
  },
  {
    method: 'PUT',
    path: /^\/backends\/([^/]+)\/weight$/,
    async serve(source, request, id) {
      const body = await readBody(request, weightBody)
      source.changes.setWeight(id, body.weight)
      return changed(source, id)
    },
  },
  {
    method: 'POST',
    path: /^\/backends\/([^/]+)\/drain$/,
    serve(source, _, id) {
      source.changes.drain(id)
      return changed(source, id)
    },
  },
  {
    method: 'POST',
    path: /^\/backends\/([^/]+)\/undrain$/,
    serve(source, _, id) {
      source.changes.undrain(id)
      return changed(source, id)
    },
  },
  {
    method: 'DELETE',
    path: /^\/backends\/([^/]+)$/,
    serve(source, _, id) {
      source.changes.remove(id)
      return json(200, { id, state: 'leaving' })
    },
  },
]

/** What a request asks for. */
export interface Asked {
  readonly changes: boolean
  serve(source: AdminSource, request: IncomingMessage): Promise<AdminResponse> | AdminResponse
}

/**
 * Finds what a request asks for. HEAD is GET, of which only the head is written.
 *
 * @throws Refused with 404 or 405.
 */
export function asked({ method = '', url = '' }: IncomingMessage): Asked {
  const [path = ''] = url.split('?', 1)
  const there = routes.filter((one) => one.path.test(path))
  if (there.length === 0) {
    throw new Refused(404, `there is nothing at ${path}`, {
      hint: 'there are /healthz, /backends and /metrics',
    })
  }
  const route = there.find((one) => one.method === (method === 'HEAD' ? 'GET' : method))
  if (route === undefined) {
    const allowed = there.map((one) => one.method).join(', ')
    throw new Refused(405, `${path} does not take ${method}`, {
      hint: `it takes ${allowed}`,
      headers: { allow: allowed },
    })
  }
  const [, id = ''] = route.path.exec(path) ?? []
  return {
    changes: route.method !== 'GET',
    serve: (source, request) => route.serve(source, request, decoded(id)),
  }
}

/** The balancer lives; 503 once it is stopping, so that whoever asks sends it nothing more. */
function healthz(source: AdminSource): AdminResponse {
  const { draining, backends } = source.snapshot()
  const healthy = backends.filter(({ state }) => state === 'up' || state === 'starting').length
  const status = draining ? 'draining' : 'ok'
  return json(draining ? 503 : 200, { status, healthy, backends: backends.length })
}

/** A backend as it is shown. */
function shown({ row: _, answers, ...backend }: BackendSnapshot): object {
  const byClass = Object.fromEntries(answers.map((count, index) => [`${index + 1}xx`, count]))
  return { ...backend, answers: byClass }
}

function changed(source: AdminSource, id: string): AdminResponse {
  return json(
    200,
    find(source, (one) => one.id === id && one.state !== 'leaving'),
  )
}

/** The backend that was just changed: in the same tick, so it is there. */
function find(source: AdminSource, is: (backend: BackendSnapshot) => boolean): object {
  return shown(source.snapshot().backends.find(is) as BackendSnapshot)
}

function json(status: number, body: object): AdminResponse {
  return { status, type: 'application/json', body: `${JSON.stringify(body)}\n` }
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    throw new Refused(400, `"${id}" is not a name`, { hint: 'encode what is not a letter as %XX' })
  }
}
