# gnuplot -c examples/papers/Montbrio_2015/fig2.gp      after kation run .../fig2.toml, in the same folder
W = 1400; H = 860
load system("dirname ".ARG0)."/../style.gp"
set output 'fig2.png'
set multiplot
rate = 'fig2_raw_r.csv'; potential = 'fig2_raw_v.csv'
array name[2] = ['A step of current, I = 3 for 30 ms', 'A slow sine of current, I = 3 sin(πt/20)']
current(k, t) = k == 1 ? (t >= 0 && t < 30 ? 3 : 0) : (t >= 0 ? 3 * sin(pi * t / 20) : 0)
do for [k = 1:2] {
    l = 80 + (k - 1) * 690; right = l + 580; end = k == 1 ? 45 : 80
    eval panel(l, right, 90, 350)
    eval heading(l, 34, name[k])
    if (k == 1) { eval aside(l, 62, 'montbrio_pazo_roxin · J 15, η −5, Δ 1 · starts at the silent node') }
    eval left_axis('r (1/ms)')
    set xrange [-10:end] noextend; set yrange [0:*]; set ytics 1
    plot rate using ($1 - 10):(column(k + 1)) every ::1 with lines lw 1.3 lc rgb vermilion
    eval panel(l, right, 380, 640)
    eval left_axis('v')
    set xrange [-10:end] noextend; set yrange [*:*]; set ytics 1
    plot potential using ($1 - 10):(column(k + 1)) every ::1 with lines lw 1.3 lc rgb vermilion
    eval panel(l, right, 670, 790)
    eval both_axes('time (ms)', 'I')
    set xrange [-10:end] noextend; set yrange [-3.6:3.6]; set ytics 3; set samples 2000
    plot current(k, x) with lines lw 1.3 lc rgb ink
}
unset multiplot
