import type { Driver } from './driver.ts'

const prepare = () =>
  Promise.all([
    import('./drive-closed-loop.ts'),
    import('./lean/closed-loop.ts'),
    import('./lean/connector.ts'),
  ])

/** The closed loop on raw sockets, with less CPU time per request than autocannon. */
export const leanDriver: Driver = {
  name: 'lean',
  summary: 'the same closed loop on raw sockets, with less CPU time per request',
  prepare,
  async drive(load, url, control, signal) {
    const [{ driveClosedLoop }, { leanClients }, { connector }] = await prepare()
    const connections = await connector(load, url)
    const report = await driveClosedLoop(leanClients(connections), load, { url, control, signal })
    return { ...report, connections: connections.facts() }
  },
}
