import { SharedArray } from 'k6/data'
import { sleep } from 'k6'
import http from 'k6/http'

const data = new SharedArray('some name', () => JSON.parse(open('users.json')).users)

export const options = { scenarios: { all: { executor: 'shared-iterations', vus: 2, iterations: 4, maxDuration: '1h' } } }

export default function () {
  for (const user of data) {
    http.get(`http://shop.test/users/${user.name}`)
    sleep(0.1)
  }
}
