import type { IncomingMessage } from 'node:http'
import type { ProfileName } from '../profiling/profiled-thread.ts'
import type { Profiler } from '../profiling/profiler.ts'
import { loadReaders } from '../profiling/read-profile.ts'
import { AdminError } from './admin-error.ts'
import { type AdminResponse, json } from './admin-response.ts'
import { profileQuery } from './profile-query.ts'

/** The profiles by the last part of their path, and how many seconds they take unless the request says so. */
const profiles: Readonly<Record<string, { readonly name: ProfileName; readonly seconds: number }>> =
  {
    // As Go's: `go tool pprof` expects it.
    profile: { name: 'cpu', seconds: 30 },
    heap: { name: 'heap', seconds: 5 },
    allocs: { name: 'allocs', seconds: 5 },
    activity: { name: 'activity', seconds: 1 },
  }

/** Path of the list of profiles. */
export const profilesPath = /^\/debug\/pprof\/?$/

/** The profiles that there are. */
export function listProfiles(): AdminResponse {
  return json(200, { profiles: Object.keys(profiles).map((name) => `/debug/pprof/${name}`) })
}

/** Paths of profiles. */
export const profilePath = new RegExp(`^/debug/pprof/(${Object.keys(profiles).join('|')})$`)

/** Milliseconds that a client has, beyond the duration of the profile, to take the response. */
const responseTimeoutMs = 10_000

/**
 * Takes the profile that a request asks for. A client that goes away ends it.
 *
 * @param path the last part of the path
 * @throws AdminError 400 for an invalid query, 409 while another profile is taken
 * @throws ProfileError it cannot be taken now
 */
export async function serveProfile(
  profiler: Profiler,
  request: IncomingMessage,
  path: string,
): Promise<AdminResponse> {
  const { name, seconds: usual } = profiles[path] as (typeof profiles)[string]
  const { seconds, intervalMs, format } = profileQuery(request.url ?? '', usual)
  checkIdle(profiler)
  const { socket } = request
  socket.setTimeout(seconds * 1000 + responseTimeoutMs)
  const gone = new AbortController()
  const leave = () => gone.abort()
  socket.once('close', leave)
  try {
    const profile = await profiler.take({ name, seconds, intervalMs }, gone.signal)
    if (profile === undefined) return { status: 499, type: 'text/plain', body: '' }
    if (format === 'json') return json(200, profile)
    const { pprof } = await loadReaders()
    return { status: 200, type: 'application/octet-stream', body: pprof(profile) }
  } finally {
    socket.off('close', leave)
  }
}

/**
 * Collects garbage in all threads and answers with the memory that is left.
 *
 * @throws AdminError 409 while a profile is taken
 * @throws ProfileError a thread refuses
 */
export async function serveMemory(profiler: Profiler): Promise<AdminResponse> {
  checkIdle(profiler)
  return json(200, await profiler.collectGarbage())
}

function checkIdle(profiler: Profiler): void {
  if (!profiler.busy()) return
  throw new AdminError(409, 'another profile is being taken', {
    hint: 'wait until it has ended',
    headers: { 'retry-after': '1' },
  })
}
