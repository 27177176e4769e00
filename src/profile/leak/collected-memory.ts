import { ProcessError } from '../../kit/errors.ts'

/** The admin port of a balancer of lb with profiling. */
export interface CollectorAddress {
  readonly url: URL
  readonly token: string
}

interface Memory {
  readonly threads: readonly { readonly heapBytes: number; readonly externalBytes: number }[]
}

/**
 * Has a balancer of lb collect garbage, and reads the memory in use after it, of all threads, in bytes. It is collected
 * twice: objects that the first collection finalises are freed by the second.
 *
 * @throws {ProcessError} it refuses
 */
export async function collectedBytes({ url, token }: CollectorAddress, signal: AbortSignal) {
  const endpoint = new URL('/debug/gc', url)
  let memory: Memory | undefined
  for (let times = 0; times < 2; times++) {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      signal,
    })
    if (!response.ok) {
      throw new ProcessError(
        `${endpoint.origin}${endpoint.pathname} responds with ${response.status}`,
        'start the balancer with --profiling and an admin token',
      )
    }
    memory = (await response.json()) as Memory
  }
  const threads = memory?.threads ?? []
  return threads.reduce((sum, one) => sum + one.heapBytes + one.externalBytes, 0)
}
