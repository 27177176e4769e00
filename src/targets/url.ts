import { UsageError } from '../kit/errors.ts'
import { firstResponse } from './first-response.ts'
import type { Target } from './target.ts'

/**
 * A server that runs already, on any host. Its backends are its own, so that lb cannot count what they receive, and its
 * costs are known only with the pid of a process on this host.
 */
export const url: Target = {
  name: 'url',
  summary: 'a server that runs already, at --url; with --pid its costs are measured too',
  algorithms: {},
  needs: 'url',

  unavailable: async () => undefined,
  version: async () => undefined,

  async prepare({ settings }) {
    if (settings?.url === undefined) {
      throw new UsageError('target url needs --url', 'use --url http://HOST:PORT')
    }
    const parsed = parseTargetUrl(settings.url)
    await checkResponds(parsed, settings.insecure)
    return { by: 'running', url: parsed, pid: settings.pid, ourBackends: false }
  },
}

/**
 * The address of a server to drive.
 *
 * @throws {UsageError} it is not an http or https address
 */
export function parseTargetUrl(address: string): URL {
  const parsed = URL.parse(address)
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed
  throw new UsageError(
    `--url: "${address}" is not an http or https address`,
    'write it as http://HOST:PORT',
  )
}

/** Seconds within which it must respond. */
const timeout = 5

/** Any response is enough: a redirect, too, is for the load to count. */
async function checkResponds(at: URL, insecure: boolean | undefined): Promise<void> {
  const path = `${at.pathname}${at.search}`
  const { signal } = new AbortController()
  try {
    await firstResponse(at, { method: 'GET', path, bodyBytes: 0 }, { timeout, signal, insecure })
  } catch (error) {
    const { message, code = '' } = error as NodeJS.ErrnoException
    const untrusted = /CERT|SELF_SIGNED|ISSUER/.test(code)
    throw new UsageError(
      `--url: ${at.href} cannot be reached: ${message}`,
      untrusted
        ? 'use --insecure to accept its certificate'
        : 'start it first, or correct the address',
    )
  }
}
