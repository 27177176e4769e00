import type { Driver } from './driver.ts'

const prepare = () =>
  Promise.all([import('./drive-closed-loop.ts'), import('./lean/closed-loop.ts')])

/** The closed loop on raw sockets, with less CPU time per request than autocannon. */
export const leanDriver: Driver = {
  name: 'lean',
  summary: 'the same closed loop on raw sockets, with less CPU time per request',
  prepare,
  async drive(load, url, control, signal) {
    const [{ driveClosedLoop }, { startLeanClients }] = await prepare()
    return driveClosedLoop(startLeanClients, load, { url, control, signal })
  },
}
