import { setTimeout as wait } from 'node:timers/promises'
import type { JourneyClient, StepRequest, StepResponse } from '../driver/journey/client.ts'

/** The client of `setup()` and `teardown()`: its requests are sent one by one, and counted nowhere. */
export function hookClient(): JourneyClient {
  return {
    request: send,
    check: () => undefined,
    pause: async (seconds) => {
      await wait(seconds * 1e3)
    },
    group: async (_name, run) => run(),
    metric: () => undefined,
    endLoad(reason) {
      throw new Error(reason)
    },
    visitor: 0,
    iteration: 0,
    random: Math.random,
  }
}

async function send({ method, url, headers, body, timeoutMs }: StepRequest): Promise<StepResponse> {
  const began = performance.now()
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined || body === ''
        ? {}
        : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
    })
    const cookies = response.headers.getSetCookie()
    return {
      status: response.status,
      headers: {
        ...Object.fromEntries(response.headers),
        ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}),
      },
      body: Buffer.from(await response.arrayBuffer()),
      durationMs: performance.now() - began,
    }
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } }
    return {
      status: 0,
      headers: {},
      body: Buffer.alloc(0),
      durationMs: performance.now() - began,
      error: name === 'TimeoutError' ? 'timed out' : (cause?.code ?? name),
    }
  }
}
