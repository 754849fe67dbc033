# gnuplot -c examples/papers/Gast_2022/fig3.gp      after gast_2022_diagrams steps > steps.csv, in the same folder
W = 1400; H = 860
load system("dirname ".ARG0)."/../style.gp"
set output 'fig3.png'
set multiplot
array letter[2] = ['G', 'H']
array spikes[2] = ['spikes from −1000 to 1000 mV', 'spikes from −100 to 50 mV']
do for [k = 1:2] {
    t = 110 + (k - 1) * 370; b = t + 290
    eval panel(80, 1360, t, b)
    if (k == 1) {
        eval heading(80, 34, 'Fast-spiking neurons receive 20, 30 and 40 pA')
        eval aside(80, 62, 'izhikevich_rs_fs · Δ_fs 0.3 mV · thick: corrected for where spikes begin and end; thin: uncorrected')
    }
    eval strong(80, t - 12, letter[k])
    eval written(1360, t - 12, spikes[k], "right tc rgb '#737373'")
    eval both_axes(k == 2 ? 'time (ms)' : '', 'rate (Hz)')
    set xrange [0:1500] noextend; set yrange [0:90] noextend; set xtics 250; set ytics 30
    set object 1 rectangle from 500, 0 to 1000, 90 fc rgb hairline fs solid noborder behind
    set object 2 rectangle from 1000, 0 to 1500, 90 fc rgb thread fs solid noborder behind
    if (k == 1) {
        set label 'rs' at 340, 29 tc rgb blue
        set label 'fs' at 340, 8 tc rgb vermilion
    }
    plot 'steps.csv' using 1:(1000 * column(2)) every ::1 with lines lw 0.8 lc rgb '#8FB3CF', \
         'steps.csv' using 1:(1000 * column(3)) every ::1 with lines lw 0.8 lc rgb '#E8A878', \
         'steps.csv' using 1:(1000 * column(2 * k + 2)) every ::1 with lines lw 1.8 lc rgb blue, \
         'steps.csv' using 1:(1000 * column(2 * k + 3)) every ::1 with lines lw 1.8 lc rgb vermilion
}
unset multiplot
