import http from 'k6/http';

const flows = {
  browse() {
    http.get('http://shop.test/');
  },
  buy: function () {
    http.post('http://shop.test/echo', 'buy');
  },
  leave: () => http.get('http://shop.test/bye'),
};

export default function () {
  for (const name of Object.keys(flows)) flows[name]();
}
