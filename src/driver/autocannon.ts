import autocannon from 'autocannon'
import { patchAutocannon } from './autocannon-client.ts'
import type { StartClients } from './drive-closed-loop.ts'

/** Milliseconds between the times at which autocannon checks whether it is stopped. */
const stopCheckMs = 50

/** Starts autocannon's clients. */
export const startAutocannon: StartClients = (load, url, listener) => {
  const options: autocannon.Options = {
    // The clients send the bytes of our own request: autocannon only needs to know where to.
    url: url.origin,
    connections: load.connections,
    // We stop it earlier; this limit only holds if we fail to.
    duration: load.warmup.most + load.duration + 2 * load.timeout + 60,
    sampleInt: stopCheckMs,
    skipAggregateResult: true,
    setupClient: (client) => patchAutocannon(client, { load, url }, listener),
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const instance = autocannon(options, (error: unknown) => {
    if (error === null) resolve()
    else reject(error)
  })
  return () => {
    instance.stop()
    return promise
  }
}
