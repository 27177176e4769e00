import type { Driver } from './driver.ts'

const prepare = () => import('./autocannon.ts')

/** Connections that each ask again when answered: how much a target can take. */
export const closedLoop: Driver = {
  name: 'closed-loop',
  summary: 'N connections, each asks again when answered (autocannon)',
  prepare,
  async drive(load, url, moments, signal) {
    const { driveClosedLoop } = await prepare()
    return driveClosedLoop(load, url, { moments, signal })
  },
}
