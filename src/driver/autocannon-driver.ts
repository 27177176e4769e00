import type { Driver } from './driver.ts'

const prepare = () => Promise.all([import('./drive-closed-loop.ts'), import('./autocannon.ts')])

/** The closed loop on autocannon: N connections, each with one request at a time. It measures how much a target can take. */
export const autocannonDriver: Driver = {
  name: 'autocannon',
  summary: 'N connections; each sends its next request when the last was answered (autocannon)',
  prepare,
  async drive(load, url, control, signal) {
    const [{ driveClosedLoop }, { startAutocannon }] = await prepare()
    return driveClosedLoop(startAutocannon, load, { url, control, signal })
  },
}
