import http from 'k6/http';

export const options = {
  scenarios: {
    list: {
      executor: 'constant-vus',
      vus: 1,
      duration: '10s',
      env: { PAGE: 'list', NUMBER: 3 },
      tags: { kind: 'read' },
    },
  },
};

export default function () {
  http.get(`http://${__ENV.HOST}/${__ENV.PAGE}/${__ENV.NUMBER}`);
}
