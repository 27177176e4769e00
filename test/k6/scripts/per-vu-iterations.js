import http from 'k6/http';

export const options = {
  discardResponseBodies: true,
  scenarios: {
    contacts: { executor: 'per-vu-iterations', vus: 10, iterations: 20, maxDuration: '30s' },
  },
};

export default function () {
  http.get('http://shop.test/contacts');
}
