/* Areas on the map: any set of regions filled by class, with labels, a legend and a play button.
 *
 * SetiaAreas.draw(message) builds the layer that replaces the one before, on the map that Setia.start
 * has made. Borders come packed (charts/maps/areas.py); texts are escaped by charts/escaping.py.
 */
(function () {
  "use strict";

  const LOOKS = {
    light: { edge: "#33414B", empty: "#E3E7EA", chosen: "#111827" },
    dark: { edge: "#C3CCD3", empty: "#2A343D", chosen: "#FFFFFF" },
  };
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*.";
  const VALUE = {};
  for (let i = 0; i < 64; i += 1) VALUE[ALPHABET[i]] = i;
  const state = { message: null, group: null, layers: [], frame: 0, timer: null, level: null, packed: null, shapes: null };

  function theMap() { return window.map; }

  function element(tag, className, html) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (html !== undefined) made.innerHTML = html;
    return made;
  }

  function look() { return theMap().getContainer().classList.contains("setia-dark") ? "dark" : "light"; }

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

  function unpack(message) {
    if (state.packed !== message.packed) {
      state.packed = message.packed;
      state.shapes = message.shapes.map((parts) => parts.map((rings) => rings.map((text) => ring(text, message.scale))));
    }
    return state.shapes;
  }

  /* ---------- what a region shows ---------- */

  function stepOf(index) {
    const message = state.message;
    if (!message.frames) return message.rows[index].step;
    const mark = message.frames.steps[state.frame][index];
    return mark === "-" || mark === "." ? null : Number(mark);
  }

  function bareOf(index) {
    const message = state.message;
    return message.frames ? message.frames.steps[state.frame][index] === "." : message.rows[index].bare;
  }

  function valueOf(index) {
    const message = state.message;
    return message.frames ? message.frames.values[state.frame][index] : message.rows[index].label;
  }

  function colour(index) {
    const step = stepOf(index);
    return step === null || step === undefined ? LOOKS[look()].empty : state.message.ramps[look()][step];
  }

  function style(index) {
    const row = state.message.rows[index], chosen = row.pick === state.message.chosen, kind = LOOKS[look()];
    const many = state.message.rows.length > 300;
    const known = stepOf(index) !== null && stepOf(index) !== undefined;
    return { stroke: true, weight: chosen ? 3 : many ? 0.4 : 0.7, color: chosen ? kind.chosen : kind.edge, opacity: chosen ? 1 : many ? 0.3 : 0.55,
      dashArray: row.dashed ? "4 3" : null, fill: true, fillColor: colour(index), fillOpacity: known ? 0.88 : bareOf(index) ? 0 : 0.75 };
  }

  function tip(index) {
    const message = state.message, row = message.rows[index];
    const own = message.frames
      ? [[message.frames.title, valueOf(index)], [message.words.month, message.frames.names[state.frame]]] : row.tip;
    return "<strong>" + row.name + "</strong><table>" + own.map((pair) =>
      "<tr><th>" + pair[0] + "</th><td>" + pair[1] + "</td></tr>").join("") + "</table>";
  }

  function ink(fill) {
    const n = parseInt(fill.slice(1), 16);
    return ((n >> 16) * 0.299 + ((n >> 8) & 255) * 0.587 + (n & 255) * 0.114) < 140 ? "light" : "dark";
  }

  function labels() {
    // The value is readable at the first zoom; where labels would meet, the first of the list keeps its own.
    const map = theMap(), message = state.message, zoom = map.getZoom(), taken = [];
    if (state.names) state.names.remove();
    state.names = L.layerGroup([]);
    const view = map.getBounds().pad(0.1);
    for (const index of message.order) {
      const row = message.rows[index];
      if (taken.length >= 60) break;
      const text = valueOf(index);
      if (!text || !view.contains(row.at)) continue;
      const at = map.project(row.at, zoom), half = Math.max(row.name.length * 3.2, text.length * 3.8, 16);
      const box = [at.x - half, at.y - 15, at.x + half, at.y + 15];
      const room = row.wide * map.options.crs.scale(zoom) / 360;
      if (room < 15 || taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) continue;
      taken.push(box);
      const icon = L.divIcon({ className: "setia-region setia-ink-" + ink(colour(index)), iconSize: null,
        html: "<span>" + row.name + "<b>" + text + "</b></span>" });
      state.names.addLayer(L.marker(row.at, { icon: icon, pane: "regionnames", interactive: false, keyboard: false }));
    }
    state.names.addTo(map);
    map.getContainer().classList.toggle("setia-quiet", zoom < 9);
  }

  function repaint() {
    if (!state.message) return;
    state.layers.forEach((layer, index) => layer.setStyle(style(index)));
    labels();
    legend();
    const box = theMap().getContainer();
    box.dataset.frame = state.message.frames ? state.frame : "";
  }

  /* ---------- legend and play button ---------- */

  function legend() {
    const message = state.message;
    if (state.legend) state.legend.remove();
    state.legend = L.control({ position: "bottomright" });
    state.legend.onAdd = () => {
      const box = element("div", "setia-legend");
      L.DomEvent.disableClickPropagation(box);
      box.appendChild(element("div", "setia-legend-title", message.legend.title));
      const list = element("ul");
      message.legend.rows.forEach((row) => {
        const item = element("li"), mark = element("i", "setia-swatch");
        mark.style.background = row.bare ? "transparent" : row.step === null ? LOOKS[look()].empty : message.ramps[look()][row.step];
        mark.style.borderColor = LOOKS[look()].edge;
        item.appendChild(mark);
        item.appendChild(element("span", null, row.text));
        if (row.count !== undefined) item.appendChild(element("span", "setia-areas-count", row.count));
        list.appendChild(item);
      });
      box.appendChild(list);
      if (message.legend.note) box.appendChild(element("div", "setia-legend-note", message.legend.note));
      return box;
    };
    state.legend.addTo(theMap());
  }

  function show(frame) {
    state.frame = frame;
    const player = state.player && state.player.parts;
    if (player) {
      player.slider.value = frame;
      player.name.textContent = state.message.frames.plain[frame];
      player.slider.setAttribute("aria-valuetext", state.message.frames.plain[frame]);
    }
    repaint();
  }

  function pause() {
    clearInterval(state.timer);
    state.timer = null;
    if (state.player) {
      state.player.parts.button.textContent = "\u25B6";
      state.player.parts.button.setAttribute("aria-label", state.message.words.play);
    }
  }

  function play() {
    const last = state.message.frames.steps.length - 1;
    if (state.frame >= last) show(0);
    state.player.parts.button.textContent = "\u275A\u275A";
    state.player.parts.button.setAttribute("aria-label", state.message.words.pause);
    state.timer = setInterval(() => (state.frame >= last ? pause() : show(state.frame + 1)), 900);
  }

  function player() {
    const message = state.message;
    if (state.timer) pause();
    if (state.player) { state.player.remove(); state.player = null; }
    if (!message.frames) { state.frame = 0; return; }
    const last = message.frames.steps.length - 1;
    state.frame = Math.min(message.again ? state.frame : last, last);
    state.player = L.control({ position: "bottomleft" });
    state.player.onAdd = () => {
      const box = element("div", "setia-legend setia-player"), button = element("button", null, "\u25B6");
      const slider = element("input"), name = element("span");
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      Object.assign(slider, { type: "range", min: 0, max: last, step: 1, value: state.frame });
      slider.setAttribute("aria-label", message.words.monthPlain);
      button.setAttribute("aria-label", message.words.play);
      button.addEventListener("click", () => (state.timer ? pause() : play()));
      slider.addEventListener("input", () => { pause(); show(Number(slider.value)); });
      [button, slider, name].forEach((part) => box.appendChild(part));
      state.player.parts = { button: button, slider: slider, name: name };
      name.textContent = message.frames.plain[state.frame];
      return box;
    };
    state.player.addTo(theMap());
  }

  /* ---------- what Python calls ---------- */

  function pickable(layer, row) {
    const feature = { type: "Feature", properties: { pick: row.pick }, geometry: { type: "Point", coordinates: [row.at[1], row.at[0]] } };
    layer.feature = feature;
    layer.toGeoJSON = () => feature;
    return layer;
  }

  function watch(map) {
    if (state.watched === map) return;
    state.watched = map;
    map.on("zoomend moveend", () => state.message && labels());
    new MutationObserver(() => {
      if (state.seen !== look()) { state.seen = look(); repaint(); }
    }).observe(map.getContainer(), { attributes: true, attributeFilter: ["class"] });
    map.on("moveend", () => {
      const middle = map.getCenter();
      try { sessionStorage.setItem(state.key, JSON.stringify([middle.lat, middle.lng, map.getZoom()])); } catch (error) { /* the view is not kept */ }
    });
  }

  function look_at(map, message) {
    if (state.level === message.level) return;
    state.level = message.level;
    state.key = "setia.areas." + message.level;
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(state.key)); } catch (error) { kept = null; }
    if (Array.isArray(kept) && kept.every(Number.isFinite)) map.setView([kept[0], kept[1]], kept[2], { animate: false });
    else map.fitBounds(message.extent, { padding: [12, 12], animate: false });
  }

  function draw(message) {
    const begun = performance.now(), map = theMap();
    window.feature_group = [];
    message.again = state.message && state.message.level === message.level;
    if (message.repeat) message.shapes = null;
    state.message = message;
    watch(map);
    look_at(map, message);
    const shapes = unpack(message), renderer = L.canvas({ pane: "squares", padding: 0.4 });
    player();
    state.group = L.featureGroup();
    state.layers = message.rows.map((row, index) => {
      const layer = L.polygon(shapes[index], Object.assign({ renderer: renderer, smoothFactor: 0.6 }, style(index)));
      layer.bindTooltip(() => tip(index), { sticky: true, className: "setia-tip", opacity: 1, direction: "auto" });
      state.group.addLayer(pickable(layer, row));
      return layer;
    });
    labels();
    legend();
    const box = map.getContainer();
    box.dataset.areas = message.rows.length;
    box.dataset.serial = message.serial;
    box.dataset.frame = message.frames ? state.frame : "";
    requestAnimationFrame(() => { box.dataset.drawnMs = Math.round(performance.now() - begun); });
    return state.group;
  }

  window.SetiaAreas = { draw: draw };
})();
