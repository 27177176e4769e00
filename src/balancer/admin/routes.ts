import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { stepMeans } from '../../kit/step-means.ts'
import { zoneName } from '../config/zone-settings.ts'
import type { BackendChanges } from '../health/backend-changes.ts'
import type { Profiler } from '../profiling/profiler.ts'
import { reasonCodes } from '../shared/failure-reasons.ts'
import { AdminError } from './admin-error.ts'
import { type AdminResponse, json } from './admin-response.ts'
import { change, type Protected, profile } from './authorize.ts'
import { metricsType } from './metrics-text.ts'
import {
  listProfiles,
  profilePath,
  profilesPath,
  serveMemory,
  serveProfile,
} from './profile-routes.ts'
import { readBody } from './read-body.ts'
import type { ReloadReport } from './reload-report.ts'
import type { BackendSnapshot, Snapshot } from './snapshot.ts'

/** The state that the admin port shows, and the changes that it makes. */
export interface AdminSource {
  snapshot(): Snapshot
  /** Changes of the current backend set. */
  readonly changes: () => BackendChanges
  readonly profiler: Profiler
}

/** The same, with the text of all metrics in UTF-8. */
export interface RouteSource extends AdminSource {
  metrics(): Promise<Uint8Array>
}

/** One endpoint. */
interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: RegExp
  /** It exists only where profiling is on. */
  readonly profiling?: true
  serve(
    source: RouteSource,
    request: IncomingMessage,
    id: string,
  ): Promise<AdminResponse> | AdminResponse
}

const weight = z.int().min(0).max(65_535)
const weightBody = z.strictObject({ weight })
const backendBody = z.strictObject({
  url: z.string(),
  weight: weight.default(1),
  proxyProtocol: z.enum(['v1', 'v2']).optional(),
  zone: zoneName.optional(),
  backup: z.boolean().optional(),
})

/** All endpoints. */
const routes: readonly Route[] = [
  { method: 'GET', path: /^\/healthz$/, serve: healthz },
  {
    method: 'GET',
    path: /^\/backends$/,
    serve: (source) => json(200, source.snapshot().backends.map(toJson)),
  },
  {
    method: 'GET',
    path: /^\/metrics$/,
    serve: async (source) => ({
      status: 200,
      type: metricsType,
      body: await source.metrics(),
    }),
  },
  { method: 'GET', path: /^\/steps$/, serve: (source) => stepsOf(source.snapshot()) },
  {
    method: 'POST',
    path: /^\/backends$/,
    async serve(source, request) {
      const backend = await readBody(request, backendBody)
      const row = source.changes().add(backend)
      return json(
        201,
        find(source, (backend) => backend.row === row),
      )
    },
  },
  {
    method: 'PUT',
    path: /^\/backends\/([^/]+)\/weight$/,
    async serve(source, request, id) {
      const body = await readBody(request, weightBody)
      source.changes().setWeight(id, body.weight)
      return changed(source, id)
    },
  },
  {
    method: 'POST',
    path: /^\/backends\/([^/]+)\/drain$/,
    serve(source, _, id) {
      source.changes().drain(id)
      return changed(source, id)
    },
  },
  {
    method: 'POST',
    path: /^\/backends\/([^/]+)\/undrain$/,
    serve(source, _, id) {
      source.changes().undrain(id)
      return changed(source, id)
    },
  },
  {
    method: 'DELETE',
    path: /^\/backends\/([^/]+)$/,
    serve(source, _, id) {
      source.changes().remove(id)
      return json(200, { id, state: 'leaving' })
    },
  },
  {
    method: 'GET',
    path: profilesPath,
    profiling: true,
    serve: listProfiles,
  },
  {
    method: 'GET',
    path: profilePath,
    profiling: true,
    serve: ({ profiler }, request, name) => serveProfile(profiler, request, name),
  },
  {
    method: 'POST',
    path: /^\/debug\/gc$/,
    profiling: true,
    serve: ({ profiler }) => serveMemory(profiler),
  },
]

/** The endpoint of a request. */
export interface MatchedRoute {
  /** What it needs the token for; undefined where it needs none. */
  readonly needs: Protected | undefined
  serve(source: RouteSource, request: IncomingMessage): Promise<AdminResponse> | AdminResponse
}

/**
 * Finds the endpoint of a request. HEAD is served as GET without the body.
 *
 * @param profiling whether those for profiling exist
 * @throws AdminError 404 for an unknown path, 405 for a method that the path does not support
 */
export function matchRoute(
  { method = '', url = '' }: IncomingMessage,
  profiling: boolean,
): MatchedRoute {
  const [path = ''] = url.split('?', 1)
  const candidates = routes.filter(
    (route) => route.path.test(path) && (profiling || !route.profiling),
  )
  if (candidates.length === 0) {
    throw new AdminError(404, `unknown path ${path}`, {
      hint: path.startsWith('/debug/')
        ? 'profiles are served with --profiling: /debug/pprof/profile, /heap and /activity'
        : 'use /healthz, /backends, /metrics or /steps',
    })
  }
  const route = candidates.find(
    ({ method: supported }) => supported === (method === 'HEAD' ? 'GET' : method),
  )
  if (route === undefined) {
    const allowed = candidates.map((candidate) => candidate.method).join(', ')
    throw new AdminError(405, `${path} does not support ${method}`, {
      hint: `use ${allowed}`,
      headers: { allow: allowed },
    })
  }
  const [, id = ''] = route.path.exec(path) ?? []
  return {
    needs: needsOf(route),
    serve: (source, request) => route.serve(source, request, decoded(id)),
  }
}

function needsOf({ method, profiling }: Route): Protected | undefined {
  if (profiling) return profile
  return method === 'GET' ? undefined : change
}

/** 200 while the balancer runs; 503 once it drains, so that clients stop sending to it. */
function healthz(source: AdminSource): AdminResponse {
  const { draining, backends, reloads } = source.snapshot()
  const healthy = backends.filter(({ state }) => state === 'up' || state === 'starting').length
  const status = draining ? 'draining' : 'ok'
  return json(draining ? 503 : 200, {
    status,
    healthy,
    backends: backends.length,
    configuration: configuration(reloads),
  })
}

/** When the configuration that is in force was read, and why a later one is not. */
function configuration({ lastSuccess, failure }: ReloadReport): object {
  return { loaded: new Date(lastSuccess * 1000).toISOString(), failure }
}

/**
 * Where the time of requests went since the configuration was applied, in seconds.
 *
 * @throws AdminError 404 where their steps are not timed
 */
function stepsOf({ steps }: Snapshot): AdminResponse {
  if (steps === undefined) {
    throw new AdminError(404, 'the steps of requests are not timed', {
      hint: 'start lb serve with --steps, or set observe.steps',
    })
  }
  return json(200, stepMeans([], steps) ?? { requests: 0 })
}

/** A backend as the API shows it. */
function toJson({ row: _, responses, reasons, ...backend }: BackendSnapshot): object {
  const byClass = Object.fromEntries(responses.map((count, index) => [`${index + 1}xx`, count]))
  const failuresBy = Object.fromEntries(
    reasons.flatMap((count, number) => (count === 0 ? [] : [[reasonCodes[number], count]])),
  )
  return { ...backend, failuresBy, responses: byClass }
}

function changed(source: AdminSource, id: string): AdminResponse {
  return json(
    200,
    find(source, (backend) => backend.id === id && backend.state !== 'leaving'),
  )
}

/** The backend that was just changed. It exists: the change was made in the same tick. */
function find(source: AdminSource, matches: (backend: BackendSnapshot) => boolean): object {
  return toJson(source.snapshot().backends.find(matches) as BackendSnapshot)
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    throw new AdminError(400, `"${id}" is not a valid backend name`, {
      hint: 'percent-encode special characters as %XX',
    })
  }
}
