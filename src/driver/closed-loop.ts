import type { Driver } from './driver.ts'

const prepare = () => import('./autocannon.ts')

/** The closed loop: N connections, each with one request at a time. It measures how much a target can take. */
export const closedLoop: Driver = {
  name: 'closed-loop',
  summary: 'N connections; each sends its next request when the last was answered (autocannon)',
  prepare,
  async drive(load, url, listener, signal) {
    const { driveClosedLoop } = await prepare()
    return driveClosedLoop(load, url, { listener, signal })
  },
}
