import http from 'k6/http';

const base = 'http://shop.test/items';

export default () => {
  http.get(base);
  http.head(base);
  http.options(base);
  http.put(`${base}/1`, 'a');
  http.patch(`${base}/1`, 'b');
  http.del(`${base}/1`);
  http.request('GET', base);
};
