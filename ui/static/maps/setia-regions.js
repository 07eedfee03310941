/* Regions on any map: filled by class, each with its value, and months to play.
 *
 * setia-map.js calls SetiaRegions.fill for every message of the kind "regions". Borders come packed with
 * the message (charts/maps/borders.py) or are those of the base map; texts are escaped by charts/escaping.py.
 */
(function () {
  "use strict";

  const EMPTY = -1, BARE = -2, LABELS = 60, MANY = 300;
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*.";
  const VALUE = {};
  for (let i = 0; i < 64; i += 1) VALUE[ALPHABET[i]] = i;

  /* kit: what the map lends - map, look(), shapes (of the base map by code), pickable, written, short, element, fit. */
  const state = { kit: null, message: null, drawn: [], names: null, frame: 0, timer: null, player: null, level: null, key: null, packed: null, corners: null };

  /* ---------- borders ---------- */

  function ring(text, scale) {
    const points = [];
    let place = 0, lat = 0, lon = 0;
    const next = () => {
      let value = 0, shift = 0, part;
      do { part = VALUE[text[place]]; place += 1; value += (part & 31) * Math.pow(2, shift); shift += 5; } while (part & 32);
      return value % 2 ? -(value + 1) / 2 : value / 2;
    };
    while (place < text.length) { lon += next(); lat += next(); points.push([lat / scale, lon / scale]); }
    return points;
  }

  function unpack(borders) {
    if (!borders || state.packed === borders.key) return;
    state.packed = borders.key;
    state.corners = borders.shapes.map((parts) => parts.map((rings) => rings.map((text) => ring(text, borders.scale))));
  }

  function ofBase(feature) {
    if (!feature.setia) {
      const kind = feature.geometry.type, corners = L.GeoJSON.coordsToLatLngs(feature.geometry.coordinates, kind === "Polygon" ? 1 : 2);
      const outer = kind === "Polygon" ? [corners[0]] : corners.map((part) => part[0]);
      const wide = Math.max(...outer.map((part) => L.latLngBounds(part)).map((box) => box.getEast() - box.getWest()));
      Object.defineProperty(feature, "setia", { value: { corners: corners, at: feature.properties.at, wide: wide } });
    }
    return feature.setia;
  }

  function shapeOf(row) {
    const borders = state.message.borders;
    if (borders) return { corners: state.corners[row.shape], at: borders.at[row.shape], wide: borders.wide[row.shape] };
    return state.kit.shapes[row.code] ? ofBase(state.kit.shapes[row.code]) : null;
  }

  /* ---------- what a region shows ---------- */

  function stepOf(item) {
    const frames = state.message.frames;
    if (!frames) return item.row.step;
    const mark = frames.steps[state.frame][item.place];
    return mark === "-" ? EMPTY : mark === "." ? BARE : Number(mark);
  }

  function valueOf(item) {
    const frames = state.message.frames, row = item.row;
    if (frames) return frames.values[state.frame][item.place];
    return row.label !== undefined ? row.label : state.kit.short(state.message, row.customers);
  }

  function colour(item) {
    const step = stepOf(item);
    return step < 0 ? state.kit.look().empty : state.message.colours[step];
  }

  function style(item) {
    const look = state.kit.look(), chosen = item.row.pick === state.message.chosen, many = state.message.rows.length > MANY, step = stepOf(item);
    return { stroke: true, weight: chosen ? 3 : many ? 0.4 : 0.7, color: chosen ? look.chosen : look.edge, opacity: chosen ? 1 : many ? 0.3 : 0.55,
      fill: true, fillColor: colour(item), fillOpacity: step >= 0 ? 0.88 : step === BARE ? 0 : 0.75 };
  }

  function tip(item) {
    const message = state.message;
    if (!message.frames) return state.kit.written(message, item.row);
    const tip = [[message.frames.title, valueOf(item)], [message.words.month, message.frames.names[state.frame]]];
    return state.kit.written(message, { name: item.row.name, tip: tip });
  }

  function labels() {
    // The value is readable at the first zoom; where labels would meet, the weightier region keeps its own.
    if (!state.message || !state.kit) return;
    const map = state.kit.map, zoom = map.getZoom(), view = map.getBounds().pad(0.1), taken = [];
    if (state.names) state.names.remove();
    state.names = L.layerGroup([]);
    for (const item of state.drawn) {
      if (taken.length >= LABELS) break;
      const text = valueOf(item), shape = item.shape;
      if (!text || !view.contains(shape.at)) continue;
      if (shape.wide * map.options.crs.scale(zoom) / 360 < 15) continue;
      const at = map.project(shape.at, zoom), half = Math.max(item.row.name.length * 3.2, text.length * 3.8, 16);
      const box = [at.x - half, at.y - 15, at.x + half, at.y + 15];
      if (taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) continue;
      taken.push(box);
      const icon = L.divIcon({ className: "setia-region", iconSize: null, html: "<span>" + item.row.name + "<b>" + text + "</b></span>" });
      state.names.addLayer(L.marker(shape.at, { icon: icon, pane: "regionnames", interactive: false, keyboard: false }));
    }
    state.names.addTo(map);
  }

  /* ---------- months ---------- */

  function tell() {
    state.kit.map.getContainer().dataset.frame = state.message.frames ? state.frame : "";
  }

  function show(frame) {
    state.frame = frame;
    const parts = state.player && state.player.parts;
    if (parts) {
      parts.slider.value = frame;
      parts.name.textContent = state.message.frames.names[frame];
      parts.slider.setAttribute("aria-valuetext", state.message.frames.names[frame]);
    }
    state.drawn.forEach((item) => item.layer.setStyle(style(item)));
    labels();
    tell();
  }

  function pause() {
    clearInterval(state.timer);
    state.timer = null;
    if (!state.player) return;
    state.player.parts.button.textContent = "\u25B6";
    state.player.parts.button.setAttribute("aria-label", state.message.words.play);
  }

  function play() {
    const last = state.message.frames.steps.length - 1;
    if (state.frame >= last) show(0);
    state.player.parts.button.textContent = "\u275A\u275A";
    state.player.parts.button.setAttribute("aria-label", state.message.words.pause);
    state.timer = setInterval(() => (state.frame >= last ? pause() : show(state.frame + 1)), 900);
  }

  function player(isAgain) {
    const message = state.message;
    if (state.timer) pause();
    if (state.player) { state.player.remove(); state.player = null; }
    if (!message.frames) { state.frame = 0; return; }
    const last = message.frames.steps.length - 1;
    state.frame = Math.min(isAgain ? state.frame : last, last);
    state.player = L.control({ position: "bottomleft" });
    state.player.onAdd = () => {
      const box = state.kit.element("div", "setia-legend setia-player"), button = state.kit.element("button", null, "\u25B6");
      const slider = state.kit.element("input"), name = state.kit.element("span");
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      Object.assign(slider, { type: "range", min: 0, max: last, step: 1, value: state.frame });
      slider.setAttribute("aria-label", message.words.month);
      button.setAttribute("aria-label", message.words.play);
      button.addEventListener("click", () => (state.timer ? pause() : play()));
      slider.addEventListener("input", () => { pause(); show(Number(slider.value)); });
      [button, slider, name].forEach((part) => box.appendChild(part));
      state.player.parts = { button: button, slider: slider, name: name };
      name.textContent = message.frames.names[state.frame];
      return box;
    };
    state.player.addTo(state.kit.map);
  }

  /* ---------- view: another level moves the map, and each level keeps its own ---------- */

  function lookAt(message) {
    if (!message.borders || !message.level || state.level === message.level) return;
    state.level = message.level;
    state.key = "setia.regions." + message.level;
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(state.key)); } catch (error) { kept = null; }
    if (Array.isArray(kept) && kept.every(Number.isFinite)) state.kit.map.setView([kept[0], kept[1]], kept[2], { animate: false });
    else state.kit.fit(L.latLngBounds(message.borders.extent));
  }

  function keepView() {
    if (!state.level) return;
    const middle = state.kit.map.getCenter();
    try { sessionStorage.setItem(state.key, JSON.stringify([middle.lat, middle.lng, state.kit.map.getZoom()])); } catch (error) { /* the view is not kept */ }
  }

  /* ---------- what setia-map.js calls ---------- */

  function fill(group, message, kit) {
    const isSame = state.message === message;
    const isAgain = isSame || (state.message !== null && state.message.level === message.level);
    state.kit = kit;
    state.message = message;
    state.drawn = [];  // moving the map asks for labels before the regions of this message stand there
    unpack(message.borders);
    lookAt(message);
    if (!isSame) player(isAgain);
    const renderer = L.canvas({ pane: "squares", padding: 0.4 });
    const weight = (row) => row.weight || row.customers || 0;
    state.drawn = message.rows.map((row, place) => ({ row: row, place: place, shape: shapeOf(row) })).filter((item) => item.shape);
    state.drawn.forEach((item) => {
      item.layer = L.polygon(item.shape.corners, Object.assign({ renderer: renderer, smoothFactor: 0.6 }, style(item)));
      item.layer.bindTooltip(() => tip(item), { sticky: true, className: "setia-tip", opacity: 1, direction: "auto" });
      group.addLayer(kit.pickable(item.layer, item.row.pick, item.shape.at));  // of an archipelago any island
    });
    state.drawn.sort((a, b) => weight(b.row) - weight(a.row) || b.shape.wide - a.shape.wide || a.place - b.place);
    labels();
    tell();
  }

  function clear() {
    if (!state.message) return;
    if (state.timer) pause();
    if (state.names) state.names.remove();
    if (state.player) state.player.remove();
    Object.assign(state, { message: null, drawn: [], names: null, player: null, level: null });
  }

  function reset() {  // the map was made anew: nothing of ours is on it
    clearInterval(state.timer);
    Object.assign(state, { kit: null, message: null, drawn: [], names: null, player: null, timer: null, level: null });
  }

  function moved() {
    if (!state.message) return;
    labels();
    keepView();
  }

  window.SetiaRegions = { fill: fill, clear: clear, reset: reset, moved: moved };
})();
