import { UsageError } from '../kit/errors.ts'
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
    const address = settings?.url
    if (address === undefined) {
      throw new UsageError('target url needs --url', 'Use --url http://HOST:PORT.')
    }
    const parsed = URL.parse(address)
    if (parsed?.protocol !== 'http:') {
      throw new UsageError(
        `--url: "${address}" is not an http address`,
        'Write it as http://HOST:PORT.',
      )
    }
    await checkResponds(parsed)
    return { by: 'running', url: parsed, pid: settings?.pid, ourBackends: false }
  },
}

/** Seconds within which it must respond. */
const responseTimeout = 5

async function checkResponds(at: URL): Promise<void> {
  try {
    const response = await fetch(at, { signal: AbortSignal.timeout(responseTimeout * 1000) })
    await response.body?.cancel()
  } catch (error) {
    const { cause, message } = error as Error
    throw new UsageError(
      `--url: ${at.href} cannot be reached: ${cause instanceof Error ? cause.message : message}`,
      'Start it first, or correct the address.',
    )
  }
}
