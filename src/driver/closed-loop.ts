import type { Driver } from './driver.ts'

/** Connections that each ask again when answered: how much a target can take. */
export const closedLoop: Driver = {
  name: 'closed-loop',
  summary: 'N connections, each asks again when answered (autocannon)',
  async drive(load, url, moments, signal) {
    const { driveClosedLoop } = await import('./autocannon.ts')
    return driveClosedLoop(load, url, { moments, signal })
  },
}
