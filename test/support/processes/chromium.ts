import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A browser of the machine, where it has one: it is installed with its packages, never downloaded. */
export const browserPath = places.find((path) => existsSync(path))

/** Starts it without a window, network services or a profile: each has an empty one of its own. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath as string,
    // As root, as in CI, its own sandbox does not start.
    chromiumSandbox: false,
    args: [
      ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
    ],
  })
}
