import { UsageError } from '../kit/errors.ts'
import type { Target } from './target.ts'

/**
 * Something that runs already, wherever it is. Its backends are its own: nobody counts behind it, and its
 * costs are known only where it says which process it is, on this host.
 */
export const url: Target = {
  name: 'url',
  summary: 'whatever answers at --url already; its costs too, with --pid',
  algorithms: {},
  needs: 'url',

  unavailable: async () => undefined,
  version: async () => undefined,

  async prepare({ settings }) {
    const at = settings?.url
    if (at === undefined) {
      throw new UsageError('target url: where?', 'Say it with --url http://HOST:PORT.')
    }
    const parsed = URL.parse(at)
    if (parsed?.protocol !== 'http:') {
      throw new UsageError(`--url: "${at}" is not an http address`, 'Write it as http://HOST:PORT.')
    }
    await answers(parsed)
    return { by: 'running', url: parsed, pid: settings?.pid, ourBackends: false }
  },
}

/** Seconds in which it must answer. */
const patience = 5

async function answers(at: URL): Promise<void> {
  try {
    const response = await fetch(at, { signal: AbortSignal.timeout(patience * 1000) })
    await response.body?.cancel()
  } catch (error) {
    const { cause, message } = error as Error
    throw new UsageError(
      `--url: ${at.href} cannot be reached: ${cause instanceof Error ? cause.message : message}`,
      'Start it first, or correct the address.',
    )
  }
}
