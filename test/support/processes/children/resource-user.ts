import { serveRequests } from '../../../../src/kit/rpc.ts'

// A child that uses as much CPU and memory as a test requests.
const held: Buffer[] = []

serveRequests({
  /** Burns CPU until the thread has used this many seconds of it. */
  burn({ seconds }: { seconds: number }) {
    const { user, system } = process.threadCpuUsage()
    const used = () => {
      const now = process.threadCpuUsage()
      return (now.user - user + now.system - system) / 1e6
    }
    while (used() < seconds);
  },
  hold: ({ bytes }: { bytes: number }) => void held.push(Buffer.alloc(bytes, 1)),
  stop: () => undefined,
})
