import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import type { LoadPlan } from '../../plan/load/load-plan.ts'
import { driveLoad } from './drive-load.ts'

const response = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')

/** Visits per second: a driver whose code is cold can send them. */
const rate = 4000

/**
 * Loads that the requests are divided into: the compiler optimises what a function creates for one call only where it has
 * seen one call, and the load that counts is a further one.
 */
const loads = 2

/**
 * Has Node compile the code of a driver: sends so many requests to a server of this process on 127.0.0.1, as `driveLoad`
 * does it. The first requests of a process take longer by what compiling takes and by what slow code takes, and drivers
 * that share a rate would have more of these than one that sends all of it. Code of the user's journeys is not run.
 * Returns the number of responses: fewer where `signal` aborts, 0 where the host has no such address.
 */
export async function warmCode(requests: number, signal: AbortSignal): Promise<number> {
  const server = createServer((socket) => {
    socket.on('data', () => socket.write(response))
    socket.on('error', () => socket.destroy())
  })
  if (!(await listens(server))) return 0
  try {
    const { port } = server.address() as AddressInfo
    let responses = 0
    for (let i = 0; i < loads; i++) {
      const { stages } = await driveLoad(
        {
          plan: planOf(requests / loads),
          ...{ url: `http://127.0.0.1:${port}/`, timeout: 1, connections: 8, maxInFlight: 64 },
          ...{ seed: i, driver: 0, drivers: 1 },
        },
        { ready: async () => {}, sample: () => {}, signal },
      )
      responses += stages[0]?.steps.get?.ok ?? 0
    }
    return responses
  } finally {
    server.close()
    await once(server, 'close')
  }
}

async function listens(server: Server): Promise<boolean> {
  server.listen(0, '127.0.0.1')
  return once(server, 'listening').then(
    () => true,
    () => false,
  )
}

function planOf(requests: number): LoadPlan {
  const step = { kind: 'request', name: 'get', method: 'GET', url: '/' } as const
  return {
    stages: [{ name: 'hold', seconds: requests / rate, model: 'open', from: rate, to: rate }],
    spacing: 'poisson',
    journeys: [
      {
        ...{ name: 'visit', weight: 1 },
        steps: [{ ...step, headers: {}, checks: [], captures: {} }],
      },
    ],
    data: {},
    thresholds: [],
  }
}
