import { setPriority } from 'node:os'
import { notify, serveRequests } from '../kit/rpc.ts'
import type { LiveMessage } from './live-message.ts'
import { type LiveServer, type LiveServerOptions, openLiveServer } from './live-server.ts'

/**
 * The process of the live page. It yields its CPU to the processes that are measured, and ends with the coordinator. It
 * sends `stop` when a page asks to stop the run; src/app/live-page.ts is the other side.
 */
const niceness = 10
let server: LiveServer | undefined

serveRequests({
  async start(options: Omit<LiveServerOptions, 'onStop'>): Promise<{ url: string }> {
    setPriority(niceness)
    server = await openLiveServer({ ...options, onStop: () => notify('stop', null) })
    return { url: server.url }
  },
  add(message: LiveMessage): void {
    server?.add(message)
  },
  async stop(): Promise<void> {
    await server?.[Symbol.asyncDispose]()
    server = undefined
  },
})

process.on('SIGTERM', () => process.exit(0))
