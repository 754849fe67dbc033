# gnuplot -c examples/papers/Rabuffo_2026/fig6.gp      after the three runs of fig6.toml, in the same folder
W = 1400; H = 560
folder = system("dirname ".ARG0)
load folder."/../style.gp"
set output 'fig6.png'
set multiplot
eval panel(80, 300, 110, 330)
eval heading(80, 34, 'Six coupled populations, D in 15.5 mM potassium')
eval aside(80, 62, 'ion_exchange · preset fig6 · the others at 5.5 mM · V')
eval strong(80, 98, 'a')
eval aside(98, 98, 'weights')
eval both_axes('from', 'to')
set xtics scale 0; set ytics scale 0 offset 0.6
do for [i = 0:5] { set xtics add (substr('ABCDEF', i + 1, i + 1) i); set ytics add (substr('ABCDEF', i + 1, i + 1) i) }
set xrange [-0.5:5.5]; set yrange [5.5:-0.5]; set cbrange [0:0.25]
set palette defined (0 '#F7FCF0', 1 '#D9F0D3', 2 '#A8DDB5', 3 '#5FC0C0', 4 '#2B8CBE', 5 '#225EA8', 6 '#172F72', 7 '#081336')
set datafile separator whitespace
plot folder.'/../../../connectomes/six_node/weights.txt' matrix with image, \
     '' matrix using 1:2:(sprintf('%.2f', $3)):($3 > 0.12 ? 0xFFFFFF : 0x262626) with labels font ',8' tc rgb variable

array run[3] = ['fig6_G0', 'fig6', 'fig6_control']
array letter[3] = ['b', 'c', '']
array what[3] = ['G 0', 'G 100', 'G 100, control: all at 5.5 mM']
do for [k = 1:3] {
    l = 370 + (k - 1) * 330
    eval panel(l, l + 300, 110, 490)
    eval strong(l, 98, letter[k])
    eval aside(l + (k == 3 ? 0 : 18), 98, what[k])
    eval bottom_axis('time (s)')
    set xrange [0:20] noextend; set yrange [-6.1:0.1] noextend
    do for [i = 1:6] { set label 20 + i substr('ABCDEF', i, i) at graph -0.03, first 0.35 - i right tc rgb (i == 4 && k < 3 ? '#A04A0A' : '#262626') }
    # One row for 150 mV.
    plot for [i = 1:6] run[k].'_average_V.csv' using ($1 / 1000):((column(i + 1) + 95) / 150 - i) every ::1 \
        with lines lw 0.5 lc rgb (i == 4 && k < 3 ? vermilion : blue)
}
eval panel(1340, 1390, 110, 490)
set xrange [0:1]; set yrange [-6.1:0.1] noextend
set arrow from 0.25, -6 to 0.25, -5.3333333 nohead lw 1.6 lc rgb ink
set label 'font' at 0, 0 tc rgb '#FFFFFF'
set label '100 mV' at 0.3, -5.15 center font ',10' tc rgb ink
plot NaN
unset multiplot
